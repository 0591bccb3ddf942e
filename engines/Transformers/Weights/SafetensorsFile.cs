using System.Runtime.InteropServices;
using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Weights;

/// <summary>
/// Reads tensors from a safetensors file (fp32, fp16, bf16). Nothing is allocated beyond what the file really holds:
/// every length is checked against the stream before use.
/// </summary>
public sealed class SafetensorsFile : IWeights
{
    private readonly Stream stream;
    private readonly string file;
    private readonly Dictionary<string, SafetensorsEntry> entries;

    private SafetensorsFile(Stream stream, string file)
    {
        this.stream = stream;
        this.file = file;
        entries = new SafetensorsHeader(stream, file).Read();
    }

    /// <summary>Names of all tensors, those of types that cannot be read among them.</summary>
    public IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>Reads the head.</summary>
    /// <param name="stream">Must seek; it belongs to the result, and is disposed if this fails.</param>
    /// <param name="file">What errors call the file.</param>
    /// <exception cref="InvalidDataException">The head is damaged, or an entry does not fit the file.</exception>
    public static SafetensorsFile Open(Stream stream, string file = "model.safetensors")
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return new SafetensorsFile(stream, file);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public bool Contains(string name) => entries.ContainsKey(name);

    public Tensor Read(string name)
    {
        var (entry, type) = Seek(name);
        var values = new float[entry.Elements];
        type.ReadValues(stream, values);
        return new Tensor(name, entry.Shape, values);
    }

    public StoredTensor ReadStored(string name)
    {
        var (entry, type) = Seek(name);
        if (type == ElementType.Float32)
        {
            var values = new float[entry.Elements];
            type.ReadValues(stream, values);
            return new StoredTensor(name, entry.Shape, type, values, []);
        }
        var bits = new ushort[entry.Elements];
        stream.ReadExactly(MemoryMarshal.AsBytes(bits.AsSpan()));
        return new StoredTensor(name, entry.Shape, type, [], bits);
    }

    public void Dispose() => stream.Dispose();

    /// <summary>The tensor's entry, the stream at its first byte.</summary>
    private (SafetensorsEntry Entry, ElementType Type) Seek(string name)
    {
        if (!entries.TryGetValue(name, out var entry))
        {
            throw new InvalidDataException($"{file} has no tensor '{name}'.");
        }
        if (entry.Type is not { } type)
        {
            throw new InvalidDataException(
                $"{file}: tensor '{name}' is of type {entry.TypeName}; F32, F16 and BF16 can be read.");
        }
        stream.Position = entry.StartBytes;
        return (entry, type);
    }
}
