using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Onnx;

/// <summary>An initializer: its data is either inside the model file or a range of an external file.</summary>
internal sealed record OnnxInitializer(
    string Name, long[] Shape, int DataType, ArraySegment<byte>? Raw, string? ExternalFile, long OffsetBytes, long? LengthBytes);

/// <summary>
/// What an ONNX model file (onnx/onnx, onnx.proto) says about weights: its initializers, and of its nodes those that
/// say more about them. com.microsoft's MatMulNBits alone knows how the initializers it uses are quantised; products and
/// the bias added to them tell which layer's weight an initializer is that the export has renamed.
/// </summary>
internal sealed class OnnxGraph
{
    public const int Float32 = 1;
    public const int UInt8 = 2;
    public const int Float16 = 10;
    public const int BFloat16 = 16;

    private const int External = 1;

    private readonly List<OnnxNode> nodes = [];

    private OnnxGraph()
    {
    }

    public Dictionary<string, OnnxInitializer> Initializers { get; } = new(StringComparer.Ordinal);

    /// <summary>Initializers by the names that they would have in PyTorch, where the export gave them others.</summary>
    public Dictionary<string, OnnxAlias> Aliases { get; private set; } = [];

    /// <summary>By the name of the quantised initializer.</summary>
    public Dictionary<string, OnnxInt4Product> Int4Products { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The file is damaged, or a MatMulNBits is of an unsupported kind.</exception>
    public static OnnxGraph Parse(byte[] data, string file)
    {
        var graph = new OnnxGraph();
        var model = new ProtobufReader(data, 0, data.Length, file);
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
        OnnxRanges.RequireApart(graph.Initializers.Values, file);
        graph.Aliases = OnnxAliases.Of(graph.nodes, graph.Initializers, file);
        return graph;
    }

    private void ReadGraph(ProtobufReader graph)
    {
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1:
                    if (OnnxNode.Read(graph.Message()) is { } node)
                    {
                        Add(node, graph);
                    }
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

    private void Add(OnnxNode node, ProtobufReader graph)
    {
        if (node.Operation == OnnxNode.Int4Product)
        {
            if (OnnxInt4Product.From(node) is not { } product)
            {
                throw graph.Damaged($"{node}; symmetric 4-bit with 3 inputs and blocks of 16 to 256 can be read");
            }
            Int4Products[product.Quantized] = product;
        }
        else
        {
            nodes.Add(node);
        }
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
                case 4 when tensor.IsBytes:
                    // float_data, packed: on the wire the same as raw_data.
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
