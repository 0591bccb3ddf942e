using System.ComponentModel.DataAnnotations;
using RagPlatform.Embedding.Providers;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding;

/// <summary>Bound from "Embedding", validated on start.</summary>
public sealed class EmbeddingOptions
{
    public const string Section = "Embedding";

    /// <summary>Of <see cref="BatchTokens"/>, and of a slice of a fast model.</summary>
    internal const int MaxBatchTokens = 65_536;

    /// <summary>Id of the default model: one of the catalog, or the name of a folder in <see cref="ModelsDirectory"/>.</summary>
    [Required]
    public string Model { get; set; } = "all-MiniLM-L6-v2";

    /// <summary>One folder per model. Default: "models" in Data:Directory, which is "data" unless set.</summary>
    [Required]
    public string ModelsDirectory { get; set; } = "";

    /// <summary>Where models are pulled from first; empty leaves the hub out.</summary>
    public string HubAddress { get; set; } = "https://huggingface.co";

    /// <summary>Token of an account that may read private and gated repositories of the hub. Default: the environment's HF_TOKEN.</summary>
    public string HubToken { get; set; } = "";

    /// <summary>Whether models may be pulled from folders of this machine, which lets callers copy model files from anywhere this process may read.</summary>
    public bool AllowFolders { get; set; }

    /// <summary>Pull the default model when the service starts without it.</summary>
    public bool PullOnStart { get; set; } = true;

    /// <summary>
    /// Models in memory at once, the default one included. Four: that, the one that a collection has, the one that it is
    /// being taken to, and a reranker. One that nobody has used for a minute gives its place to another.
    /// </summary>
    [Range(1, 16)]
    public int MaxLoadedModels { get; set; } = 4;

    /// <summary>How exactly encoders compute that run here; a text's vector in one precision is near the one in another, not equal. Rerankers are exact.</summary>
    [EnumDataType(typeof(WeightPrecision))]
    public WeightPrecision Precision { get; set; } = WeightPrecision.Mixed;

    /// <summary>Threads a model computes on. Default: the machine's processors.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Tokens computed at once, from one caller or several; a text that is longer goes alone, and a model that reads more in
    /// 20 ms has more. A query behind passages waits for so many at most. Default: 512 for each of the machine's processors,
    /// from which throughput does not grow any more.
    /// </summary>
    [Range(16, MaxBatchTokens)]
    public int BatchTokens { get; set; } = Math.Min(512 * Environment.ProcessorCount, MaxBatchTokens);

    /// <summary>How long texts wait for those of more callers while there are fewer than <see cref="BatchTokens"/>.</summary>
    [Range(0, 1000)]
    public int BatchDelayMilliseconds { get; set; }

    /// <summary>Texts that may wait for a model, queries and passages each; an RPC that would exceed it is refused with ResourceExhausted.</summary>
    [Range(256, 1_000_000)]
    public int QueueCapacityTexts { get; set; } = 4096;

    /// <summary>Tokens that may wait for a model, queries and passages each; an RPC that would exceed it is refused with ResourceExhausted.</summary>
    [Range(1024, 100_000_000)]
    public int QueueCapacityTokens { get; set; } = 262_144;

    /// <summary>EmbedStream calls open at once; each may have 4 requests in work beside what the queue's capacity says.</summary>
    [Range(1, 256)]
    public int MaxStreams { get; set; } = 8;

    /// <summary>Messages of prepared chunks that are embedded at once.</summary>
    [Range(1, 64)]
    public int ConsumerConcurrency { get; set; } = 24;

    /// <summary>Messages of prepared chunks that the broker hands out ahead.</summary>
    [Range(1, 256)]
    public int ConsumerPrefetch { get; set; } = 32;

    /// <summary>Where vectors are remembered. Default: "embedding" in Data:Directory, which is "data" unless set.</summary>
    [Required]
    public string CacheDirectory { get; set; } = "";

    /// <summary>Passages' vectors remembered on disk, so that one that is sent again costs nothing; 0 remembers none.</summary>
    [Range(0, 1_048_576)]
    public int CacheMegabytes { get; set; } = 1024;

    /// <summary>Models elsewhere, by the provider's name; each is known as NAME/MODEL.</summary>
    public Dictionary<string, ProviderOptions> Providers { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of the models elsewhere.</summary>
    internal IEnumerable<string> RemoteModels => Providers.Select(provider => $"{provider.Key}/{provider.Value.Model}");

    /// <summary>Null when the hub is left out.</summary>
    internal Uri? Hub => HubAddress.Length == 0 ? null : new Uri(HubAddress);

    internal static bool HasValidHub(EmbeddingOptions options) =>
        options.HubAddress.Length == 0 || Uri.TryCreate(options.HubAddress, UriKind.Absolute, out var hub) && hub is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" };
}
