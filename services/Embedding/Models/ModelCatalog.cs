using System.Text.Json;
using System.Text.Json.Serialization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Models;

/// <summary>The models that can be pulled, each with its sources in the order they are tried, every file pinned.</summary>
public sealed record ModelCatalog(IReadOnlyList<CatalogModel> Models)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The catalog this assembly was built with (models.json).</summary>
    public static ModelCatalog BuiltIn { get; } = ReadBuiltIn();

    public CatalogModel? Find(string id) => Models.FirstOrDefault(model => model.Id == id);

    private static ModelCatalog ReadBuiltIn()
    {
        using var stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream("models.json")!;
        return JsonSerializer.Deserialize<ModelCatalog>(stream, Json)!;
    }
}

/// <param name="Id">Also the name of its folder in the store.</param>
/// <param name="License">SPDX identifier, or what its source states; empty where it states none.</param>
/// <param name="Sources">The same weights from different places; the first that works is used.</param>
public sealed record CatalogModel(string Id, string License, IReadOnlyList<ModelSource> Sources)
{
    /// <summary>Null where its files alone tell.</summary>
    public ModelKind? Kind { get; init; }

    /// <summary>Instead of what its files, or the card of its family, ask to be put before texts; null for these.</summary>
    public TextPrefixes? Prefixes { get; init; }
}

public enum ModelSourceKind
{
    /// <summary>A model hub that serves files as Hugging Face does.</summary>
    Hub,
    /// <summary>A package in the npm registry that the user's own npm configuration names.</summary>
    Npm,
    /// <summary>A folder on this machine.</summary>
    Folder,
}

/// <param name="Kind">Which fetcher can get it.</param>
/// <param name="Name">Repository on the hub, npm package, or the folder's path.</param>
/// <param name="Version">Commit on the hub, package version, or a hash over the folder's files.</param>
/// <param name="Files">All that a complete model folder holds.</param>
public sealed record ModelSource(ModelSourceKind Kind, string Name, string Version, IReadOnlyList<ModelFile> Files)
{
    /// <summary>Npm: the model's folder inside the package.</summary>
    public string? Folder { get; init; }

    /// <summary>Npm: size of the compressed package.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long PackageBytes { get; init; }

    [JsonIgnore]
    public long TotalBytes => Files.Sum(file => file.Bytes);

    public override string ToString() => $"{PrefixOf(Kind)}{Name}@{Version}";

    /// <summary>"hub:", "npm:" or "folder:".</summary>
    public static string PrefixOf(ModelSourceKind kind) => $"{kind.ToString().ToLowerInvariant()}:";
}

/// <param name="Name">Path within the model's folder, with "/".</param>
/// <param name="Bytes">Exact size.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record ModelFile(string Name, long Bytes, string Sha256);
