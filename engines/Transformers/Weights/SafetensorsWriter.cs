using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Weights;

/// <summary>What a tensor of a file to be written is like.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="Shape">At most 8 dimensions; empty for a single value.</param>
public sealed record TensorLayout(string Name, ElementType Type, IReadOnlyList<int> Shape);

/// <summary>
/// Writes a safetensors file: the head first, then the tensors' values in any order and in pieces of any size, so that
/// no tensor need be in memory whole. The head is filled up to a multiple of 8 bytes and fp32 comes before the 16-bit
/// types, so that every tensor lies on a multiple of its values' size, as the format's own writer has it.
/// The file is complete only after <see cref="Complete"/>; whoever needs it to appear at once writes beside it and renames.
/// </summary>
public sealed class SafetensorsWriter
{
    private const int ConversionValues = 16 * 1024;

    private readonly Stream stream;
    private readonly long dataStart;
    private readonly long dataBytes;
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <param name="stream">Must seek; the file begins where it stands. It stays open.</param>
    /// <param name="tensors">All tensors of the file.</param>
    /// <param name="metadata">Stored as "__metadata__"; PyTorch's readers look for "format": "pt".</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or there twice, a shape is impossible, or the head is too large.</exception>
    public SafetensorsWriter(Stream stream, IReadOnlyCollection<TensorLayout> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        this.stream = stream;
        TensorLayout[] ordered = [.. tensors.OrderBy(tensor => tensor.Type != ElementType.Float32).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        foreach (var tensor in ordered)
        {
            if (!places.TryAdd(tensor.Name, new Place(tensor.Type, ElementsOf(tensor), dataBytes)))
            {
                throw new ArgumentException($"Tensor '{tensor.Name}' is there twice.", nameof(tensors));
            }
            dataBytes += places[tensor.Name].SizeBytes;
        }
        var head = SafetensorsHead.Build(ordered.Select(tensor => (tensor, places[tensor.Name].StartBytes, places[tensor.Name].SizeBytes)), metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)head.Length);
        stream.Write(length);
        stream.Write(head);
        dataStart = stream.Position;
    }

    /// <summary>Writes a whole file of tensors that are in memory.</summary>
    /// <param name="stream">Must seek; stays open.</param>
    /// <param name="tensors">Names are unique.</param>
    /// <param name="type">How all values are stored.</param>
    /// <param name="metadata">As the constructor's.</param>
    public static void Write(
        Stream stream, IReadOnlyCollection<Tensor> tensors, ElementType type, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var writer = new SafetensorsWriter(stream, [.. tensors.Select(tensor => new TensorLayout(tensor.Name, type, tensor.Shape))], metadata);
        foreach (var tensor in tensors)
        {
            writer.Append(tensor.Name, tensor.Values);
        }
        writer.Complete();
    }

    /// <summary>Writes the next values of a tensor, row-major, rounded to the nearest value of its type.</summary>
    /// <exception cref="ArgumentException">There is no such tensor, more values than its shape has, or one beyond its type's range.</exception>
    public void Append(string name, ReadOnlySpan<float> values)
    {
        if (!places.TryGetValue(name, out var place))
        {
            throw new ArgumentException($"Tensor '{name}' is not among those that the file was begun with.", nameof(name));
        }
        if (values.Length > place.Elements - place.Written)
        {
            throw new ArgumentException(
                $"Tensor '{name}' has {place.Elements} values; {place.Written} are written, and {values.Length} more do not fit.", nameof(values));
        }
        stream.Position = dataStart + place.StartBytes + (long)place.Written * place.Type.SizeBytes();
        if (place.Type == ElementType.Float32)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
        }
        else
        {
            AppendConverted(name, place.Type, values);
        }
        place.Written += values.Length;
    }

    /// <summary>Leaves the stream at the file's end.</summary>
    /// <exception cref="InvalidOperationException">A tensor has too few values.</exception>
    public void Complete()
    {
        foreach (var (name, place) in places)
        {
            if (place.Written != place.Elements)
            {
                throw new InvalidOperationException($"Tensor '{name}' has {place.Elements} values; only {place.Written} were written.");
            }
        }
        stream.Position = dataStart + dataBytes;
        stream.Flush();
    }

    private void AppendConverted(string name, ElementType type, ReadOnlySpan<float> values)
    {
        var converted = new ushort[Math.Min(ConversionValues, values.Length)];
        while (!values.IsEmpty)
        {
            var part = values[..Math.Min(values.Length, converted.Length)];
            for (var i = 0; i < part.Length; i++)
            {
                if (!type.TryConvert(part[i], out converted[i]))
                {
                    throw new ArgumentException(
                        $"Tensor '{name}' holds {part[i]}, which {type} cannot; store it as {(type == ElementType.Float16 ? "BFloat16 or " : "")}Float32.", nameof(values));
                }
            }
            stream.Write(MemoryMarshal.AsBytes<ushort>(converted.AsSpan(0, part.Length)));
            values = values[part.Length..];
        }
    }

    private static int ElementsOf(TensorLayout tensor)
    {
        if (tensor.Name.Length == 0 || string.Equals(tensor.Name, SafetensorsHead.MetadataName, StringComparison.Ordinal))
        {
            throw new ArgumentException($"A tensor is named '{tensor.Name}'; that name is not to be had.", nameof(tensor));
        }
        return TensorShape.Elements([.. tensor.Shape.Select(dimension => (long)dimension)])
            ?? throw new ArgumentException($"Tensor '{tensor.Name}' has the impossible shape [{string.Join(", ", tensor.Shape)}].", nameof(tensor));
    }

    /// <param name="Type">How the values are stored.</param>
    /// <param name="Elements">Number of values.</param>
    /// <param name="StartBytes">From the data's first byte.</param>
    private sealed record Place(ElementType Type, int Elements, long StartBytes)
    {
        public int Written { get; set; }

        public long SizeBytes => (long)Elements * Type.SizeBytes();
    }
}
