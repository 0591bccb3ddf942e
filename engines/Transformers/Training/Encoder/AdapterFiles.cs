using System.Text.Json;
using System.Text.Json.Nodes;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>Writes a low-rank adapter of an encoder as PEFT does: adapter_config.json and adapter_model.safetensors, for a BertModel.</summary>
internal static class AdapterFiles
{
    public const string ConfigFile = "adapter_config.json";
    public const string WeightsFile = "adapter_model.safetensors";
    public const string Root = "base_model.model.";

    /// <param name="create">Opens a new file of that name, which can seek; it is disposed here.</param>
    /// <param name="lora">The adapter.</param>
    /// <param name="baseModel">The base's name, for whoever looks for it.</param>
    /// <param name="layers">Of the encoder.</param>
    /// <param name="parts">Those that have a pair.</param>
    public static void Write(Func<string, Stream> create, EncoderLora lora, string baseModel, int layers, IEnumerable<LinearPart> parts)
    {
        var config = new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = "FEATURE_EXTRACTION",
            ["base_model_name_or_path"] = baseModel,
            ["inference_mode"] = true,
            ["r"] = lora.Rank,
            ["lora_alpha"] = lora.Alpha,
            ["lora_dropout"] = lora.Dropout,
            ["target_modules"] = new JsonArray([.. lora.Targets.Order().SelectMany(target => ModulesOf(target, lora, layers)).Select(module => (JsonNode)module)]),
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["init_lora_weights"] = true,
            ["modules_to_save"] = null,
            ["use_rslora"] = false,
            ["use_dora"] = false,
        };
        using (var file = create(ConfigFile))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(config, ModelFolderFiles.Indented));
        }
        using var weights = create(WeightsFile);
        SafetensorsWriter.Write(
            weights,
            [.. parts.SelectMany(part => new[] { part.Down!, part.Up! }).Select(pair => new Tensor(Root + pair.Name, [pair.Rows, pair.Columns], pair.Values))],
            ElementType.Float32,
            ModelFolderFiles.PyTorch);
    }

    /// <summary>PEFT takes a module whose name ends so, and "output.dense" would be attention's output too.</summary>
    private static IEnumerable<string> ModulesOf(EncoderTarget target, EncoderLora lora, int layers) => target switch
    {
        EncoderTarget.Query => ["query"],
        EncoderTarget.Key => ["key"],
        EncoderTarget.Value => ["value"],
        EncoderTarget.AttentionOutput => ["attention.output.dense"],
        EncoderTarget.Intermediate => ["intermediate.dense"],
        _ when lora.Targets.Contains(EncoderTarget.AttentionOutput) => ["output.dense"],
        _ => Enumerable.Range(0, layers).Select(layer => $"layer.{layer}.output.dense"),
    };
}
