using System.Text;
using System.Text.Json;
using RagPlatform.Numerics;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.FineTuning.Tests.Retrieving;

/// <summary>A sentence encoder of one layer with seeded random weights, in Hugging Face's layout, that knows some made-up words.</summary>
internal static class TinyEncoder
{
    public const int Hidden = 16;
    public const int Topics = 12;
    private const int Wide = 24;
    private const int MaxTokens = 24;
    private const int Seed = 20_261_120;

    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Words("ask"), .. Words("answer"), .. Words("filler"),
    ];

    public static MemoryFiles Files()
    {
        var files = new MemoryFiles();
        files.Write("vocab.txt", Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary) + "\n"));
        files.Write("config.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["model_type"] = "bert",
            ["architectures"] = new[] { "BertModel" },
            ["hidden_act"] = "gelu",
            ["hidden_size"] = Hidden,
            ["num_hidden_layers"] = 1,
            ["num_attention_heads"] = 2,
            ["intermediate_size"] = Wide,
            ["vocab_size"] = Vocabulary.Length,
            ["max_position_embeddings"] = MaxTokens,
            ["type_vocab_size"] = 2,
            ["layer_norm_eps"] = 1e-7,
        }));
        using var weights = files.Create("model.safetensors");
        SafetensorsWriter.Write(weights, [.. Tensors()], ElementType.Float32);
        return files;
    }

    /// <summary>One of the model's words: no two of a topic share a part that BM25 could see.</summary>
    public static string Word(string word, int topic) => $"{word}{(char)('a' + topic)}";

    private static IEnumerable<string> Words(string word) => Enumerable.Range(0, Topics).Select(topic => Word(word, topic));

    private static IEnumerable<Tensor> Tensors()
    {
        var random = new Random(Seed);
        yield return Values("embeddings.word_embeddings.weight", Vocabulary.Length, Hidden);
        yield return Values("embeddings.position_embeddings.weight", MaxTokens, Hidden);
        yield return Values("embeddings.token_type_embeddings.weight", 2, Hidden);
        foreach (var norm in (string[])["embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"])
        {
            yield return new Tensor($"{norm}.LayerNorm.weight", [Hidden], [.. Enumerable.Repeat(1f, Hidden)]);
            yield return new Tensor($"{norm}.LayerNorm.bias", [Hidden], new float[Hidden]);
        }
        (string Name, int Outputs, int Inputs)[] linears =
        [
            ("attention.self.query", Hidden, Hidden), ("attention.self.key", Hidden, Hidden), ("attention.self.value", Hidden, Hidden),
            ("attention.output.dense", Hidden, Hidden), ("intermediate.dense", Wide, Hidden), ("output.dense", Hidden, Wide),
        ];
        foreach (var (name, outputs, inputs) in linears)
        {
            yield return Values($"encoder.layer.0.{name}.weight", outputs, inputs);
            yield return Values($"encoder.layer.0.{name}.bias", outputs);
        }

        Tensor Values(string name, params int[] shape) =>
            new(name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, (product, length) => product * length)).Select(_ => (float)(random.NextDouble() - 0.5))]);
    }
}

/// <summary>A model's folder in memory.</summary>
internal sealed class MemoryFiles : IModelFiles
{
    private readonly Dictionary<string, MemoryStream> files = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => files.Keys;

    public bool Exists(string name) => files.ContainsKey(name);

    public Stream Open(string name) => new MemoryStream(Bytes(name), writable: false);

    public byte[] Bytes(string name) => files[name].ToArray();

    /// <summary>What is written to it is there even after it is disposed.</summary>
    public Stream Create(string name) => files[name] = new MemoryStream();

    public void Write(string name, byte[] content) => Create(name).Write(content);
}
