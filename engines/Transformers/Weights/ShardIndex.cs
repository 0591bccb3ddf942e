using System.Text.Json;

namespace RagPlatform.Transformers.Weights;

/// <summary>
/// Says which file holds which tensor: {"metadata": {...}, "weight_map": {"tensor": "model-00001-of-00002.safetensors"}}
/// (huggingface/transformers, "Sharded checkpoints").
/// </summary>
internal static class ShardIndex
{
    /// <summary>The largest published ones have a few hundred.</summary>
    public const int MaxShards = 4096;

    private const int MaxBytes = 64 * 1024 * 1024;
    private const int MaxJsonDepth = 8;

    /// <summary>Shards by tensor. Shards are plain file names.</summary>
    /// <exception cref="InvalidDataException">Too long, not JSON, no weight_map, or an entry is wrong.</exception>
    public static Dictionary<string, string> Read(Stream stream, string file)
    {
        if (stream.Length > MaxBytes)
        {
            throw new InvalidDataException($"{file} has {stream.Length} bytes; the limit is {MaxBytes}.");
        }
        try
        {
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("weight_map", out var map) && map.ValueKind == JsonValueKind.Object
                ? Read(map, file)
                : throw new InvalidDataException($"{file} has no object weight_map.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // JsonElement says InvalidOperation of text that is not valid Unicode.
            throw new InvalidDataException($"{file} is not JSON: {ModelJson.Shown(exception.Message)}", exception);
        }
    }

    private static Dictionary<string, string> Read(JsonElement map, string file)
    {
        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in map.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String || property.Value.GetString() is not { } shard || !PlainFileName.IsPlain(shard))
            {
                throw new InvalidDataException(
                    $"{file}: weight_map has tensor '{ModelJson.Shown(property.Name)}' in {ModelJson.Shown(property.Value.GetRawText())}; a plain file name is allowed.");
            }
            // One string for all tensors of a shard.
            shard = names.TryAdd(shard, shard) ? shard : names[shard];
            if (!shards.TryAdd(property.Name, shard))
            {
                throw new InvalidDataException($"{file}: weight_map has tensor '{ModelJson.Shown(property.Name)}' twice.");
            }
        }
        return names.Count <= MaxShards
            ? shards
            : throw new InvalidDataException($"{file}: weight_map names {names.Count} files; the limit is {MaxShards}.");
    }
}
