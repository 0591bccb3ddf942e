using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace RagPlatform.Embedding.Tests;

/// <summary>A real model, only small: a one-layer BERT of 8 dimensions with seeded random weights, in Hugging Face layout.</summary>
internal static class TinyBert
{
    public const string Id = "tiny-bert";
    public const int Dimension = 8;
    public const int MaxTokens = 12;
    private const int Intermediate = 16;
    private const int Seed = 20_261_120;

    public static readonly string[] Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Enumerable.Range('a', 26).Select(letter => ((char)letter).ToString()), "cat", "dog", "##s"];

    public static byte[] Config() => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["model_type"] = "bert",
        ["hidden_act"] = "gelu",
        ["position_embedding_type"] = "absolute",
        ["hidden_size"] = Dimension,
        ["num_hidden_layers"] = 1,
        ["num_attention_heads"] = 2,
        ["intermediate_size"] = Intermediate,
        ["vocab_size"] = Vocabulary.Length,
        ["max_position_embeddings"] = MaxTokens,
        ["type_vocab_size"] = 2,
        ["layer_norm_eps"] = 1e-12,
    });

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), string.Join('\n', Vocabulary) + "\n");
        File.WriteAllBytes(Path.Combine(folder, "config.json"), Config());
        WriteWeights(Path.Combine(folder, "model.safetensors"));
    }

    private static IEnumerable<(string Name, int[] Shape)> Tensors()
    {
        yield return ("embeddings.word_embeddings.weight", [Vocabulary.Length, Dimension]);
        yield return ("embeddings.position_embeddings.weight", [MaxTokens, Dimension]);
        yield return ("embeddings.token_type_embeddings.weight", [2, Dimension]);
        foreach (var name in (string[])["embeddings.LayerNorm", "encoder.layer.0.attention.output.LayerNorm", "encoder.layer.0.output.LayerNorm"])
        {
            yield return (name + ".weight", [Dimension]);
            yield return (name + ".bias", [Dimension]);
        }

        foreach (var name in (string[])["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"])
        {
            yield return ($"encoder.layer.0.{name}.weight", [Dimension, Dimension]);
            yield return ($"encoder.layer.0.{name}.bias", [Dimension]);
        }

        yield return ("encoder.layer.0.intermediate.dense.weight", [Intermediate, Dimension]);
        yield return ("encoder.layer.0.intermediate.dense.bias", [Intermediate]);
        yield return ("encoder.layer.0.output.dense.weight", [Dimension, Intermediate]);
        yield return ("encoder.layer.0.output.dense.bias", [Dimension]);
    }

    private static void WriteWeights(string path)
    {
        var random = new Random(Seed);
        var header = new Dictionary<string, object>();
        using var data = new MemoryStream();
        var number = new byte[sizeof(float)];
        foreach (var (name, shape) in Tensors())
        {
            var start = data.Length;
            for (var i = shape.Aggregate(1, (product, length) => product * length); i > 0; i--)
            {
                BinaryPrimitives.WriteSingleLittleEndian(number, (float)(random.NextDouble() - 0.5));
                data.Write(number);
            }

            header[name] = new { dtype = "F32", shape, data_offsets = (long[])[start, data.Length] };
        }

        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. data.ToArray()]);
    }
}
