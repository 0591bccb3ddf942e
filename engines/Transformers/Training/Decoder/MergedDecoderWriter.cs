using System.Text.Json;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>Writes a trained decoder, low-rank pairs merged into its weights, as a folder in Hugging Face's layout.</summary>
public static class MergedDecoderWriter
{
    private const string ConfigFile = "config.json";
    private const string WeightsFile = "model.safetensors";

    /// <summary>What is copied from the base where it is there.</summary>
    private static readonly string[] Copied =
    [
        ConfigFile, "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja",
    ];

    /// <summary>The weights, with the configuration and the tokenizer of the base.</summary>
    /// <param name="decoder">Trained either way.</param>
    /// <param name="baseFiles">That it was loaded from; null for a llama2.c checkpoint, whose config.json is written anew and whose tokenizer is not converted.</param>
    /// <param name="createFile">Opens a new file of that name, for writing and seeking; it is disposed here.</param>
    /// <param name="type">How the weights are stored.</param>
    /// <returns>Bytes of all files together.</returns>
    /// <exception cref="ArgumentException">A weight is beyond the type's range.</exception>
    public static long Write(TrainableDecoder decoder, IModelFiles? baseFiles, Func<string, Stream> createFile, ElementType type = ElementType.Float32)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(createFile);
        var bytes = 0L;
        foreach (var name in Copied.Where(name => baseFiles?.Exists(name) == true))
        {
            using var from = baseFiles!.Open(name);
            using var to = createFile(name);
            from.CopyTo(to);
            bytes += from.Length;
        }
        if (baseFiles is null)
        {
            using var config = createFile(ConfigFile);
            WriteConfig(decoder.Config, config);
            bytes += config.Position;
        }
        using var weights = createFile(WeightsFile);
        var writer = new SafetensorsWriter(
            weights, [.. decoder.MergedTensors().Select(tensor => new TensorLayout(tensor.Name, type, tensor.Shape))],
            new Dictionary<string, string> { ["format"] = "pt" });
        foreach (var tensor in decoder.MergedTensors())
        {
            writer.Append(tensor.Name, tensor.Values);
        }
        writer.Complete();
        return bytes + weights.Position;
    }

    private static void WriteConfig(DecoderConfig config, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("model_type", "llama");
        json.WriteStartArray("architectures");
        json.WriteStringValue("LlamaForCausalLM");
        json.WriteEndArray();
        json.WriteString("hidden_act", "silu");
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        json.WriteNumber("num_hidden_layers", config.Layers);
        json.WriteNumber("num_attention_heads", config.Heads);
        json.WriteNumber("num_key_value_heads", config.KeyHeads);
        json.WriteNumber("vocab_size", config.VocabularySize);
        json.WriteNumber("max_position_embeddings", config.MaxPositions);
        json.WriteNumber("rms_norm_eps", config.NormEpsilon);
        json.WriteNumber("rope_theta", config.Rotary.Base);
        json.WriteBoolean("tie_word_embeddings", config.TiedEmbeddings);
        json.WriteNumber("bos_token_id", config.BeginOfTextId ?? 1);
        json.WriteNumber("eos_token_id", config.EndOfTextIds is [var end, ..] ? end : 2);
        json.WriteEndObject();
    }
}
