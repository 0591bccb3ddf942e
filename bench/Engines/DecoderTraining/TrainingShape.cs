using System.Text.Json;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Bench.Engines.DecoderTraining;

/// <summary>A decoder of a certain shape with seeded random weights: speed does not depend on them.</summary>
internal sealed record TrainingShape(string Name, int Hidden, int Wide, int Layers, int Heads, int KeyHeads, int Vocabulary)
{
    public static TrainingShape[] All { get; } =
    [
        new("6.8M", 256, 688, 6, 8, 8, 8192),
        new("135M (SmolLM-135M)", 576, 1536, 30, 9, 3, 49_152),
    ];

    /// <summary>config.json and model.safetensors in Hugging Face's layout, fp32.</summary>
    public void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["model_type"] = "llama", ["hidden_act"] = "silu", ["hidden_size"] = Hidden, ["intermediate_size"] = Wide, ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = Heads, ["num_key_value_heads"] = KeyHeads, ["vocab_size"] = Vocabulary, ["max_position_embeddings"] = 2048,
            ["rms_norm_eps"] = 1e-5, ["tie_word_embeddings"] = true, ["rope_theta"] = 10_000.0,
        }));
        using var file = File.Create(Path.Combine(folder, "model.safetensors"));
        var writer = new SafetensorsWriter(file, [.. Tensors().Select(tensor => new TensorLayout(tensor.Name, ElementType.Float32, tensor.Shape))]);
        var random = new Random(20261120);
        foreach (var (name, shape) in Tensors())
        {
            var range = 1.7f / MathF.Sqrt(shape[^1]);
            writer.Append(name, shape.Length == 1
                ? [.. Enumerable.Repeat(1f, shape[0])]
                : [.. Enumerable.Range(0, shape[0] * shape[1]).Select(_ => (random.NextSingle() * 2 - 1) * range)]);
        }
        writer.Complete();
    }

    private IEnumerable<(string Name, int[] Shape)> Tensors()
    {
        var keys = Hidden / Heads * KeyHeads;
        yield return ("model.embed_tokens.weight", [Vocabulary, Hidden]);
        yield return ("model.norm.weight", [Hidden]);
        for (var layer = 0; layer < Layers; layer++)
        {
            var name = $"model.layers.{layer}.";
            yield return (name + "input_layernorm.weight", [Hidden]);
            yield return (name + "post_attention_layernorm.weight", [Hidden]);
            yield return (name + "self_attn.q_proj.weight", [Hidden, Hidden]);
            yield return (name + "self_attn.k_proj.weight", [keys, Hidden]);
            yield return (name + "self_attn.v_proj.weight", [keys, Hidden]);
            yield return (name + "self_attn.o_proj.weight", [Hidden, Hidden]);
            yield return (name + "mlp.gate_proj.weight", [Wide, Hidden]);
            yield return (name + "mlp.up_proj.weight", [Wide, Hidden]);
            yield return (name + "mlp.down_proj.weight", [Hidden, Wide]);
        }
    }
}
