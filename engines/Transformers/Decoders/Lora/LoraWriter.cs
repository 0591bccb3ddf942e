using System.Text.Json;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Training.Decoder;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Decoders;

/// <summary>
/// Writes a trained decoder's low-rank pairs in PEFT's layout, as <see cref="LoraAdapter"/> and PEFT read it. The names are those of the
/// base in Hugging Face's layout: an adapter of a llama2.c checkpoint fits the checkpoint as <see cref="MergedDecoderWriter"/> and
/// Hugging Face's own conversion write it.
/// </summary>
public static class LoraWriter
{
    public const string ConfigFile = "adapter_config.json";
    public const string WeightsFile = "adapter_model.safetensors";

    /// <summary>PEFT's names begin with where its own wrapper keeps the model.</summary>
    private const string Root = "base_model.model.";

    /// <param name="decoder">Trained with low-rank pairs.</param>
    /// <param name="baseModelName">base_model_name_or_path: what PEFT loads the base by.</param>
    /// <param name="createFile">Opens a new file of that name, for writing and seeking; it is disposed here.</param>
    /// <exception cref="ArgumentException">All weights were trained: there are no pairs.</exception>
    public static void Write(TrainableDecoder decoder, string baseModelName, Func<string, Stream> createFile)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(createFile);
        if (decoder.Tuning.IsFull)
        {
            throw new ArgumentException("All of the decoder's weights were trained, so there is no adapter; write the merged model.", nameof(decoder));
        }
        using (var config = createFile(ConfigFile))
        {
            WriteConfig(decoder.Tuning, baseModelName, config);
        }
        using var weights = createFile(WeightsFile);
        SafetensorsWriter.Write(
            weights, [.. decoder.Parameters.Select(parameter => new Tensor(Root + parameter.Name, [parameter.Rows, parameter.Columns], parameter.Values))],
            ElementType.Float32, new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>Only fields that every PEFT since 0.7 knows: an older one refuses those that it does not.</summary>
    private static void WriteConfig(DecoderTuning tuning, string baseModelName, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("peft_type", "LORA");
        json.WriteString("task_type", "CAUSAL_LM");
        json.WriteString("base_model_name_or_path", baseModelName);
        json.WriteNull("revision");
        json.WriteBoolean("inference_mode", true);
        json.WriteNumber("r", tuning.Rank);
        json.WriteNumber("lora_alpha", (decimal)tuning.Alpha);
        json.WriteNumber("lora_dropout", tuning.Dropout);
        json.WriteBoolean("use_rslora", tuning.RankStabilised);
        json.WriteString("bias", "none");
        json.WriteBoolean("fan_in_fan_out", false);
        json.WriteBoolean("init_lora_weights", true);
        json.WriteNull("modules_to_save");
        json.WriteNull("layers_to_transform");
        json.WriteNull("layers_pattern");
        foreach (var pattern in (ReadOnlySpan<string>)["rank_pattern", "alpha_pattern"])
        {
            json.WriteStartObject(pattern);
            json.WriteEndObject();
        }
        json.WriteStartArray("target_modules");
        foreach (var target in DecoderTuning.AllTargets.Where(tuning.Targets.Contains))
        {
            json.WriteStringValue(target);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
