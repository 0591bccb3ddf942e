using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Onnx;

/// <summary>An initializer: its data is either inside the model file or a range of an external file.</summary>
internal sealed record OnnxInitializer(
    string Name, long[] Shape, int DataType, ArraySegment<byte>? Raw, string? ExternalFile, long OffsetBytes, long? LengthBytes);

/// <summary>An int4 matrix product: W[Columns, Depth] is in initializer Quantized, one scale per block in Scales.</summary>
internal sealed record OnnxInt4Product(string Quantized, string Scales, int Depth, int Columns, int Block);

/// <summary>
/// What an ONNX model file (onnx/onnx, onnx.proto) says about weights: its initializers, and of its nodes those of
/// com.microsoft's MatMulNBits, which alone knows how the initializers it uses are quantised.
/// </summary>
internal sealed class OnnxGraph
{
    public const int Float32 = 1;
    public const int UInt8 = 2;
    public const int Float16 = 10;
    public const int BFloat16 = 16;

    private const int External = 1;

    private OnnxGraph()
    {
    }

    public Dictionary<string, OnnxInitializer> Initializers { get; } = new(StringComparer.Ordinal);

    /// <summary>By the name of the quantised initializer.</summary>
    public Dictionary<string, OnnxInt4Product> Int4Products { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The file is damaged, or a MatMulNBits is of an unsupported kind.</exception>
    public static OnnxGraph Parse(byte[] data)
    {
        var graph = new OnnxGraph();
        var model = new ProtobufReader(data, 0, data.Length);
        while (model.Next())
        {
            if (model.Field == 7)
            {
                graph.ReadGraph(model.Message());
            }
            else
            {
                model.Skip();
            }
        }
        return graph;
    }

    private void ReadGraph(ProtobufReader graph)
    {
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1:
                    ReadNode(graph.Message());
                    break;
                case 5:
                    var initializer = ReadInitializer(graph.Message());
                    if (!Initializers.TryAdd(initializer.Name, initializer))
                    {
                        throw graph.Damaged($"initializer '{initializer.Name}' is there twice");
                    }
                    break;
                default:
                    graph.Skip();
                    break;
            }
        }
    }

    private void ReadNode(ProtobufReader node)
    {
        var inputs = new List<string>();
        var attributes = new Dictionary<string, long>(StringComparer.Ordinal);
        string name = "", operation = "";
        while (node.Next())
        {
            switch (node.Field)
            {
                case 1:
                    inputs.Add(node.Text());
                    break;
                case 3:
                    name = node.Text();
                    break;
                case 4:
                    operation = node.Text();
                    break;
                case 5:
                    var (attribute, number) = ReadAttribute(node.Message());
                    attributes[attribute] = number;
                    break;
                default:
                    node.Skip();
                    break;
            }
        }
        if (operation != "MatMulNBits")
        {
            return;
        }
        var bits = attributes.GetValueOrDefault("bits", 4);
        long depth = attributes.GetValueOrDefault("K"), columns = attributes.GetValueOrDefault("N");
        var block = attributes.GetValueOrDefault("block_size");
        if (bits != 4 || block is < 16 or > 256 || (block & (block - 1)) != 0 || inputs.Count != 3
            || TensorShape.Elements([depth, columns]) is null or 0)
        {
            throw node.Damaged(
                $"MatMulNBits '{name}' has bits {bits}, block_size {block}, K {depth}, N {columns} and {inputs.Count} inputs; "
                + "symmetric 4-bit with 3 inputs and blocks of 16 to 256 can be read");
        }
        Int4Products[inputs[1]] = new OnnxInt4Product(inputs[1], inputs[2], (int)depth, (int)columns, (int)block);
    }

    private static (string Name, long Number) ReadAttribute(ProtobufReader attribute)
    {
        var name = "";
        long number = 0;
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case 1:
                    name = attribute.Text();
                    break;
                case 3:
                    number = attribute.Number();
                    break;
                default:
                    attribute.Skip();
                    break;
            }
        }
        return (name, number);
    }

    private static OnnxInitializer ReadInitializer(ProtobufReader tensor)
    {
        var shape = new List<long>();
        var external = new Dictionary<string, string>(StringComparer.Ordinal);
        ArraySegment<byte>? raw = null;
        var name = "";
        long dataType = 0, location = 0;
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1:
                    tensor.Numbers(shape, TensorShape.MaxDimensions);
                    break;
                case 2:
                    dataType = tensor.Number();
                    break;
                case 8:
                    name = tensor.Text();
                    break;
                case 9:
                    raw = tensor.Bytes();
                    break;
                case 13:
                    var (key, value) = ReadPair(tensor.Message());
                    external[key] = value;
                    break;
                case 14:
                    location = tensor.Number();
                    break;
                default:
                    tensor.Skip();
                    break;
            }
        }
        return new OnnxInitializer(
            name, [.. shape], (int)Math.Clamp(dataType, -1, int.MaxValue), raw,
            location == External ? external.GetValueOrDefault("location", "") : null,
            Bytes("offset") ?? 0, Bytes("length"));

        long? Bytes(string key) => !external.TryGetValue(key, out var text) ? null
            : long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
            : throw tensor.Damaged($"initializer '{name}' has the {key} '{text}'");
    }

    private static (string Key, string Value) ReadPair(ProtobufReader pair)
    {
        string key = "", value = "";
        while (pair.Next())
        {
            switch (pair.Field)
            {
                case 1:
                    key = pair.Text();
                    break;
                case 2:
                    value = pair.Text();
                    break;
                default:
                    pair.Skip();
                    break;
            }
        }
        return (key, value);
    }
}
