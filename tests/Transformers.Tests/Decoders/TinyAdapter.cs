using System.Text.Json.Nodes;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Decoders;

/// <summary>A random LoRA adapter in PEFT's layout for the reference decoder "llama".</summary>
internal sealed class TinyAdapter
{
    private static readonly Dictionary<string, (string Block, int Inputs, int Outputs)> Modules = new()
    {
        ["q_proj"] = ("self_attn", 32, 32), ["k_proj"] = ("self_attn", 32, 16), ["v_proj"] = ("self_attn", 32, 16),
        ["o_proj"] = ("self_attn", 32, 32), ["gate_proj"] = ("mlp", 32, 32), ["up_proj"] = ("mlp", 32, 32), ["down_proj"] = ("mlp", 32, 32),
    };

    private readonly Random random;

    public TinyAdapter(int seed, int rank, string[] targets, int layers = 2)
    {
        random = new Random(seed);
        Config = new JsonObject
        {
            ["peft_type"] = "LORA", ["r"] = rank, ["lora_alpha"] = 12, ["use_rslora"] = false, ["bias"] = "none",
            ["target_modules"] = new JsonArray([.. targets.Select(target => (JsonNode)target)]),
            ["modules_to_save"] = null, ["rank_pattern"] = new JsonObject(), ["use_dora"] = false,
        };
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var target in targets)
            {
                var (block, inputs, outputs) = Modules[target];
                var name = $"base_model.model.model.layers.{layer}.{block}.{target}";
                Tensors.Add(($"{name}.lora_A.weight", [rank, inputs], Random(rank * inputs)));
                Tensors.Add(($"{name}.lora_B.weight", [outputs, rank], Random(outputs * rank)));
            }
        }
    }

    public static string[] AllModules => [.. Modules.Keys];

    public JsonObject Config { get; }

    public List<(string Name, int[] Shape, float[] Values)> Tensors { get; } = [];

    public MemoryModelFiles Files()
    {
        var files = new MemoryModelFiles();
        files.Files["adapter_config.json"] = System.Text.Encoding.UTF8.GetBytes(Config.ToJsonString());
        files.Files["adapter_model.safetensors"] = SafetensorsBytes.Write(Tensors);
        return files;
    }

    /// <summary>scale·B·A, [outputs, inputs], of a layer's module; null where it has none.</summary>
    public float[]? Delta(string module, float scale)
    {
        var down = Tensors.Find(tensor => tensor.Name == $"base_model.model.{module}.lora_A.weight");
        var up = Tensors.Find(tensor => tensor.Name == $"base_model.model.{module}.lora_B.weight");
        if (down.Values is null)
        {
            return null;
        }
        int rank = down.Shape[0], inputs = down.Shape[1], outputs = up.Shape[0];
        var delta = new float[outputs * inputs];
        for (var i = 0; i < delta.Length; i++)
        {
            delta[i] = scale * Enumerable.Range(0, rank).Sum(k => up.Values[i / inputs * rank + k] * down.Values[k * inputs + i % inputs]);
        }
        return delta;
    }

    private float[] Random(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 0.4f)];
}
