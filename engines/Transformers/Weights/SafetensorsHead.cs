using System.Text.Json;
using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Weights;

/// <summary>Builds the JSON that a safetensors file begins with; <see cref="SafetensorsHeader"/> reads it.</summary>
internal static class SafetensorsHead
{
    public const string MetadataName = "__metadata__";

    private const int AlignmentBytes = 8;

    /// <returns>UTF-8, filled up with spaces to a multiple of 8 bytes.</returns>
    /// <exception cref="ArgumentException">It has more bytes than the format allows.</exception>
    public static byte[] Build(
        IEnumerable<(TensorLayout Tensor, long StartBytes, long SizeBytes)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                WriteMetadata(json, metadata);
            }
            foreach (var (tensor, startBytes, sizeBytes) in tensors)
            {
                WriteTensor(json, tensor, startBytes, sizeBytes);
            }
            json.WriteEndObject();
        }
        while (buffer.Length % AlignmentBytes != 0)
        {
            buffer.WriteByte((byte)' ');
        }
        return buffer.Length <= SafetensorsHeader.MaxHeaderBytes
            ? buffer.ToArray()
            : throw new ArgumentException(
                $"The head of these tensors has {buffer.Length} bytes; the limit is {SafetensorsHeader.MaxHeaderBytes}.", nameof(tensors));
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataName);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }
        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorLayout tensor, long startBytes, long sizeBytes)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type switch
        {
            ElementType.Float32 => "F32",
            ElementType.Float16 => "F16",
            _ => "BF16",
        });
        json.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape)
        {
            json.WriteNumberValue(dimension);
        }
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(startBytes);
        json.WriteNumberValue(startBytes + sizeBytes);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
