using System.Text.Json;
using RagPlatform.Numerics;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Bench.Engines.Decoders;

/// <summary>A folder with a decoder of SmolLM-135M's shape and seeded random weights, in Hugging Face's layout and as GGUF.</summary>
internal sealed class RandomDecoder(string path) : IModelFiles
{
    public const int Hidden = 576;
    public const int Wide = 1536;
    public const int Layers = 30;
    public const int Heads = 9;
    public const int KeyHeads = 3;
    public const int HeadSize = Hidden / Heads;
    public const int Vocabulary = 49_152;
    public const int MaxPositions = 2048;
    public const float NormEpsilon = 1e-5f;

    private const string SafetensorsName = "model.safetensors";

    public string GgufPath => Path.Combine(path, "model.gguf");

    public bool Exists(string name) => File.Exists(Path.Combine(path, name));

    public Stream Open(string name) => File.OpenRead(Path.Combine(path, name));

    public static RandomDecoder Write(string path, ElementType type)
    {
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "config.json"), JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["model_type"] = "llama", ["hidden_act"] = "silu", ["hidden_size"] = Hidden, ["intermediate_size"] = Wide,
            ["num_hidden_layers"] = Layers, ["num_attention_heads"] = Heads, ["num_key_value_heads"] = KeyHeads,
            ["vocab_size"] = Vocabulary, ["max_position_embeddings"] = MaxPositions, ["rms_norm_eps"] = NormEpsilon,
            ["tie_word_embeddings"] = true, ["rope_theta"] = 10_000.0,
        }));
        var random = new Random(20261120);
        var tensors = Tensors().Select(tensor => new Tensor(tensor.Name, tensor.Shape, tensor.Shape.Length == 1
            ? [.. Enumerable.Repeat(1f, Hidden)]
            : [.. Enumerable.Range(0, tensor.Shape[0] * tensor.Shape[1]).Select(_ => (random.NextSingle() - 0.5f) * 0.14f)])).ToArray();
        var decoder = new RandomDecoder(path);
        using (var file = File.Create(Path.Combine(path, SafetensorsName)))
        {
            SafetensorsWriter.Write(file, tensors, type);
        }
        using (var weights = SafetensorsFile.Open(decoder.Open(SafetensorsName)))
        {
            using var gguf = File.Create(decoder.GgufPath);
            new GgufWriter(weights, type).Write(gguf);
        }
        return decoder;
    }

    private static IEnumerable<(string Name, int[] Shape)> Tensors()
    {
        yield return ("model.embed_tokens.weight", [Vocabulary, Hidden]);
        yield return ("model.norm.weight", [Hidden]);
        for (var layer = 0; layer < Layers; layer++)
        {
            var name = $"model.layers.{layer}.";
            yield return (name + "input_layernorm.weight", [Hidden]);
            yield return (name + "self_attn.q_proj.weight", [Hidden, Hidden]);
            yield return (name + "self_attn.k_proj.weight", [KeyHeads * HeadSize, Hidden]);
            yield return (name + "self_attn.v_proj.weight", [KeyHeads * HeadSize, Hidden]);
            yield return (name + "self_attn.o_proj.weight", [Hidden, Hidden]);
            yield return (name + "post_attention_layernorm.weight", [Hidden]);
            yield return (name + "mlp.gate_proj.weight", [Wide, Hidden]);
            yield return (name + "mlp.up_proj.weight", [Wide, Hidden]);
            yield return (name + "mlp.down_proj.weight", [Hidden, Wide]);
        }
    }
}
