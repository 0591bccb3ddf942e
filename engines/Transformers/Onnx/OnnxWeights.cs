using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Onnx;

/// <summary>
/// Reads the weights of an ONNX model: fp32, fp16 and bf16 initializers as they are, and the quantised ones of
/// MatMulNBits as the fp32 matrix [columns, depth] that they stand for. External data is read from files beside the
/// model. Nothing is allocated beyond what the files really hold.
/// </summary>
public sealed class OnnxWeights : IWeights
{
    private readonly IModelFiles files;
    private readonly string file;
    private readonly OnnxGraph graph;
    private readonly Dictionary<string, Stream> externalFiles = new(StringComparer.Ordinal);

    private OnnxWeights(IModelFiles files, string file, OnnxGraph graph)
    {
        this.files = files;
        this.file = file;
        this.graph = graph;
    }

    /// <summary>Names of all initializers, and those that they have in PyTorch where the export renamed them.</summary>
    public IReadOnlyCollection<string> Names => [.. graph.Initializers.Keys, .. graph.Aliases.Keys];

    /// <param name="files">The model's folder.</param>
    /// <param name="name">The model file's name in it.</param>
    /// <exception cref="InvalidDataException">The model file is damaged, or of an unsupported kind.</exception>
    public static OnnxWeights Open(IModelFiles files, string name)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(name);
        using var stream = files.Open(name);
        if (stream.Length > Array.MaxLength)
        {
            throw new InvalidDataException($"{name} has {stream.Length} bytes; the limit is {Array.MaxLength}.");
        }
        var data = new byte[stream.Length];
        stream.ReadExactly(data);
        return new OnnxWeights(files, name, OnnxGraph.Parse(data, name));
    }

    public bool Contains(string name) => graph.Initializers.ContainsKey(name) || graph.Aliases.ContainsKey(name);

    public Tensor Read(string name)
    {
        if (graph.Int4Products.TryGetValue(name, out var product))
        {
            return ReadInt4(product);
        }
        if (graph.Aliases.TryGetValue(name, out var alias))
        {
            var tensor = Read(alias.Initializer);
            return alias.IsTransposed ? Transposed(name, tensor) : tensor with { Name = name };
        }
        return ReadPlain(Find(name));
    }

    public void Dispose()
    {
        foreach (var stream in externalFiles.Values)
        {
            stream.Dispose();
        }
    }

    private Tensor ReadPlain(OnnxInitializer initializer)
    {
        var type = initializer.DataType switch
        {
            OnnxGraph.Float32 => ElementType.Float32,
            OnnxGraph.Float16 => ElementType.Float16,
            OnnxGraph.BFloat16 => ElementType.BFloat16,
            _ => throw Unsupported(initializer, "fp32, fp16 and bf16 can be read"),
        };
        var elements = TensorShape.Elements(initializer.Shape)
            ?? throw new InvalidDataException(
                $"{file}: initializer '{ModelJson.Shown(initializer.Name)}' has the impossible shape [{string.Join(", ", initializer.Shape)}].");
        var stream = OpenData(initializer, (long)elements * type.SizeBytes());
        var values = new float[elements];
        type.ReadValues(stream, values);
        return new Tensor(initializer.Name, [.. initializer.Shape.Select(dimension => (int)dimension)], values);
    }

    private Tensor Transposed(string name, Tensor tensor)
    {
        if (tensor.Shape is not [var inputs, var outputs])
        {
            throw new InvalidDataException(
                $"{file}: initializer '{ModelJson.Shown(tensor.Name)}' has shape [{string.Join(", ", tensor.Shape)}]; as '{name}' it must have two dimensions.");
        }
        var values = new float[tensor.Values.Length];
        for (var input = 0; input < inputs; input++)
        {
            var row = tensor.Values.AsSpan(input * outputs, outputs);
            for (var output = 0; output < outputs; output++)
            {
                values[output * inputs + input] = row[output];
            }
        }
        return new Tensor(name, [outputs, inputs], values);
    }

    private Tensor ReadInt4(OnnxInt4Product product)
    {
        var quantised = Find(product.Quantized);
        if (quantised.DataType != OnnxGraph.UInt8)
        {
            throw Unsupported(quantised, "a 4-bit matrix is stored as uint8");
        }
        var stream = OpenData(quantised, Int4Blocks.SizeBytes(product.Columns, product.Depth, product.Block));
        var packed = new byte[Int4Blocks.SizeBytes(product.Columns, product.Depth, product.Block)];
        stream.ReadExactly(packed);

        // Not by its name: what a hostile file calls scales may be the matrix itself.
        var scales = ReadPlain(Find(product.Scales)).Values;
        var blocks = (long)product.Columns * Int4Blocks.BlocksPerRow(product.Depth, product.Block);
        if (scales.Length != blocks)
        {
            throw new InvalidDataException($"{file}: initializer '{product.Scales}' has {scales.Length} scales; '{product.Quantized}' needs {blocks}.");
        }
        var values = new float[product.Columns * product.Depth];
        Int4Blocks.Dequantise(packed, scales, product.Depth, product.Block, values);
        return new Tensor(product.Quantized, [product.Columns, product.Depth], values);
    }

    private OnnxInitializer Find(string name) => graph.Initializers.GetValueOrDefault(name)
        ?? throw new InvalidDataException(
            $"{file} has no initializer '{ModelJson.Shown(name)}', nor one that its graph uses in that place. Graphs that an optimizer has fused cannot be read: use the plain export.");

    /// <summary>A stream that stands at the data, which has been checked to have the expected length.</summary>
    private Stream OpenData(OnnxInitializer initializer, long expectedBytes)
    {
        if (initializer.ExternalFile is not { } external)
        {
            var raw = initializer.Raw ?? throw Unsupported(initializer, "its values are in no raw_data");
            CheckLength(initializer, raw.Count, expectedBytes);
            return new MemoryStream(raw.Array!, raw.Offset, raw.Count, writable: false);
        }
        var stream = OpenExternal(initializer.Name, external);
        CheckLength(initializer, initializer.LengthBytes ?? expectedBytes, expectedBytes);
        if (initializer.OffsetBytes > stream.Length || expectedBytes > stream.Length - initializer.OffsetBytes)
        {
            throw new InvalidDataException(
                $"{file}: initializer '{ModelJson.Shown(initializer.Name)}' lies at {initializer.OffsetBytes} for {expectedBytes} bytes; {external} has {stream.Length}.");
        }
        stream.Position = initializer.OffsetBytes;
        return stream;
    }

    private Stream OpenExternal(string initializer, string external)
    {
        if (externalFiles.TryGetValue(external, out var open))
        {
            return open;
        }
        // A model must not reach outside its own folder.
        var folder = file[..(file.LastIndexOf('/') + 1)];
        if (!PlainFileName.IsPlain(external))
        {
            throw new InvalidDataException($"{file}: initializer '{ModelJson.Shown(initializer)}' names the external file '{ModelJson.Shown(external)}'; a plain file name is allowed.");
        }
        if (!files.Exists(folder + external))
        {
            throw new InvalidDataException($"{file}: initializer '{ModelJson.Shown(initializer)}' is in {folder}{external}, which is missing.");
        }
        return externalFiles[external] = files.Open(folder + external);
    }

    private void CheckLength(OnnxInitializer initializer, long actualBytes, long expectedBytes)
    {
        if (actualBytes != expectedBytes)
        {
            throw new InvalidDataException($"{file}: initializer '{ModelJson.Shown(initializer.Name)}' has {actualBytes} bytes; its shape needs {expectedBytes}.");
        }
    }

    private InvalidDataException Unsupported(OnnxInitializer initializer, string remedy) =>
        new($"{file}: initializer '{ModelJson.Shown(initializer.Name)}' has data type {initializer.DataType}; {remedy}.");
}
