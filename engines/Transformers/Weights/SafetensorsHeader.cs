using System.Buffers.Binary;
using System.Text.Json;
using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Weights;

/// <summary>Where one tensor lies in a safetensors file. Type is null for types that no weight has, such as I64.</summary>
internal sealed record SafetensorsEntry(
    string TypeName, ElementType? Type, int[] Shape, int Elements, long StartBytes, long EndBytes);

/// <summary>
/// The head of a safetensors file: an 8-byte little-endian length, then JSON
/// {"name": {"dtype", "shape", "data_offsets": [start, end]}, ..., "__metadata__": {...}}, then the data, to whose
/// first byte the offsets are relative (huggingface/safetensors, README "Format").
/// </summary>
internal sealed class SafetensorsHeader(Stream stream, string file)
{
    private const int LengthBytes = 8;

    /// <summary>The format's own limit.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    private const int MaxJsonDepth = 8;

    /// <summary>Every entry, its offsets counted from the file's start.</summary>
    /// <exception cref="InvalidDataException">The head is damaged, or an entry does not fit the file.</exception>
    public Dictionary<string, SafetensorsEntry> Read()
    {
        if (stream.Length < LengthBytes)
        {
            throw Damaged($"the file has {stream.Length} bytes; the header's length alone takes {LengthBytes}");
        }
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        stream.Position = 0;
        stream.ReadExactly(lengthBytes);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > MaxHeaderBytes || (long)length > stream.Length - LengthBytes)
        {
            throw Damaged($"the header claims {length} bytes; the file has {stream.Length}, and the limit is {MaxHeaderBytes}");
        }
        var json = new byte[(int)length];
        stream.ReadExactly(json);
        return Parse(json, dataStart: LengthBytes + (long)length, stream.Length);
    }

    private Dictionary<string, SafetensorsEntry> Parse(byte[] json, long dataStart, long fileBytes)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
            var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(SafetensorsHead.MetadataName))
                {
                    continue;
                }
                if (!entries.TryAdd(property.Name, Entry(property.Name, property.Value, dataStart, fileBytes)))
                {
                    throw Damaged($"tensor '{property.Name}' is there twice");
                }
            }
            RequireNoHoles(entries, dataStart, fileBytes);
            return entries;
        }
        catch (Exception exception) when (exception
            is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"Damaged safetensors file {file}: the header is not the expected JSON: {ModelJson.Shown(exception.Message)}", exception);
        }
    }

    /// <summary>
    /// As the format demands: every byte of the data belongs to exactly one tensor. So what all tensors take together
    /// is never more than the file has.
    /// </summary>
    private void RequireNoHoles(Dictionary<string, SafetensorsEntry> entries, long dataStart, long fileBytes)
    {
        var end = dataStart;
        foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.StartBytes).ThenBy(pair => pair.Value.EndBytes))
        {
            if (entry.StartBytes != end)
            {
                throw Damaged($"tensor '{name}' begins at byte {entry.StartBytes - dataStart} of the data; the tensor before it ends at {end - dataStart}");
            }
            end = entry.EndBytes;
        }
        if (end != fileBytes)
        {
            throw Damaged($"the tensors take {end - dataStart} bytes; the data has {fileBytes - dataStart}");
        }
    }

    private SafetensorsEntry Entry(string name, JsonElement value, long dataStart, long fileBytes)
    {
        var typeName = value.GetProperty("dtype").GetString() ?? "";
        ElementType? type = typeName switch
        {
            "F32" => ElementType.Float32,
            "F16" => ElementType.Float16,
            "BF16" => ElementType.BFloat16,
            _ => null,
        };
        long[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
        long[] offsets = [.. value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (TensorShape.Elements(shape) is not { } elements)
        {
            throw Damaged($"tensor '{name}' has the impossible shape [{string.Join(", ", shape)}]");
        }
        if (offsets is not [var start, var end] || start < 0 || end < start || end > fileBytes - dataStart)
        {
            throw Damaged($"tensor '{name}' lies at [{string.Join(", ", offsets)}]; the data has {fileBytes - dataStart} bytes");
        }
        if (type is { } known && end - start != (long)elements * known.SizeBytes())
        {
            throw Damaged($"tensor '{name}' has {end - start} bytes; its shape [{string.Join(", ", shape)}] of {typeName} needs {(long)elements * known.SizeBytes()}");
        }
        return new SafetensorsEntry(
            typeName, type, [.. shape.Select(dimension => (int)dimension)], elements, dataStart + start, dataStart + end);
    }

    private InvalidDataException Damaged(string reason) => new($"Damaged safetensors file {file}: {ModelJson.Shown(reason)}.");
}
