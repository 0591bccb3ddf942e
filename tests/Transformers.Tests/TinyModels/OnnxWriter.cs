using System.Globalization;
using System.Text;

namespace RagPlatform.Transformers.Tests.TinyModels;

/// <summary>Writes the parts of an ONNX model that hold weights: initializers and MatMulNBits nodes.</summary>
internal sealed class OnnxWriter
{
    public const int Float32 = 1;
    public const int UInt8 = 2;

    private readonly List<byte> graph = [];
    private readonly List<byte> external = [];

    public string ExternalFile { get; init; } = "model_q4.onnx_data";

    public byte[] Model => [.. Field(1, 10), .. Field(2, "test"u8), .. Field(7, graph.ToArray())];

    public byte[] ExternalData => [.. external];

    /// <summary>An initializer whose data is inside the model file.</summary>
    public void AddInside(string name, int dataType, int[] shape, byte[] data) =>
        graph.AddRange(Field(5, [.. Head(name, dataType, shape), .. Field(9, data)]));

    /// <summary>An initializer whose data is in the external file.</summary>
    public void AddOutside(string name, int dataType, int[] shape, byte[] data)
    {
        AddOutside(name, dataType, shape, external.Count.ToString(CultureInfo.InvariantCulture), data.Length.ToString(CultureInfo.InvariantCulture));
        external.AddRange(data);
    }

    public void AddOutside(string name, int dataType, int[] shape, string offset, string length) => graph.AddRange(Field(5,
    [
        .. Head(name, dataType, shape),
        .. Field(13, Pair("location", ExternalFile)), .. Field(13, Pair("offset", offset)), .. Field(13, Pair("length", length)),
        .. Field(14, 1),
    ]));

    public void AddInt4Product(string quantised, string scales, int depth, int columns, int block, int bits = 4) => graph.AddRange(Field(1,
    [
        .. Field(1, "x"u8), .. Field(1, Encoding.UTF8.GetBytes(quantised)), .. Field(1, Encoding.UTF8.GetBytes(scales)),
        .. Field(2, "y"u8), .. Field(3, "product"u8), .. Field(4, "MatMulNBits"u8),
        .. Attribute("K", depth), .. Attribute("N", columns), .. Attribute("bits", bits), .. Attribute("block_size", block),
    ]));

    /// <summary>A step of the graph, such as a product or a sum.</summary>
    public void AddNode(string operation, string[] inputs, string output, params (string Name, long Value)[] attributes) => graph.AddRange(Field(1,
    [
        .. inputs.SelectMany(input => Field(1, Encoding.UTF8.GetBytes(input))), .. Field(2, Encoding.UTF8.GetBytes(output)),
        .. Field(3, "/node"u8), .. Field(4, Encoding.UTF8.GetBytes(operation)),
        .. attributes.SelectMany(attribute => Attribute(attribute.Name, attribute.Value)),
    ]));

    /// <summary>An initializer whose values are in float_data instead of raw_data.</summary>
    public void AddFloats(string name, int[] shape, byte[] packed) =>
        graph.AddRange(Field(5, [.. Head(name, Float32, shape), .. Field(4, packed)]));

    private static byte[] Head(string name, int dataType, int[] shape) =>
        [.. shape.SelectMany(dimension => Field(1, dimension)), .. Field(2, dataType), .. Field(8, Encoding.UTF8.GetBytes(name))];

    private static byte[] Pair(string key, string value) =>
        [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, Encoding.UTF8.GetBytes(value))];

    private static byte[] Attribute(string name, long value) =>
        Field(5, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(3, value), .. Field(20, 2)]);

    private static byte[] Field(int number, long value) => [.. Varint((ulong)number << 3), .. Varint((ulong)value)];

    private static byte[] Field(int number, ReadOnlySpan<byte> bytes) =>
        [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    private static List<byte> Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        bytes.Add((byte)value);
        return bytes;
    }
}
