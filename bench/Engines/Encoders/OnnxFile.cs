using System.Runtime.InteropServices;
using System.Text;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>Writes an ONNX model (onnx.proto3, IR version 8): nodes and initializers in the order in which they are added.</summary>
internal sealed class OnnxFile
{
    public const string FusedDomain = "com.microsoft";
    private const int IrVersion = 8;
    private const int OpsetVersion = 17;

    private readonly List<byte> _graph = [];

    public enum OnnxType
    {
        Float32 = 1,
        UInt8 = 2,
        Int8 = 3,
        Int32 = 6,
        Int64 = 7,
    }

    /// <summary>Adds an initializer and returns its name.</summary>
    public string Add<T>(string name, OnnxType type, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        List<byte> tensor = [];
        foreach (var dimension in shape)
        {
            Number(tensor, 1, dimension);
        }
        Number(tensor, 2, (int)type);
        Text(tensor, 8, name);
        Bytes(tensor, 9, MemoryMarshal.AsBytes(values));
        Message(_graph, 5, tensor);
        return name;
    }

    /// <summary>Adds a node with outputs NAME, NAME:1 ... and returns the first's name. Attributes are long or float.</summary>
    public string Add(string name, string operation, string[] inputs, string domain = "", int outputs = 1, params (string Name, object Value)[] attributes)
    {
        List<byte> node = [];
        Array.ForEach(inputs, input => Text(node, 1, input));
        for (var output = 0; output < outputs; output++)
        {
            Text(node, 2, output == 0 ? name : $"{name}:{output}");
        }
        Text(node, 3, name);
        Text(node, 4, operation);
        foreach (var (key, value) in attributes)
        {
            Message(node, 5, Attribute(key, value));
        }
        Text(node, 7, domain);
        Message(_graph, 1, node);
        return name;
    }

    public void AddInput(string name, OnnxType type, params string[] dimensions) => Message(_graph, 11, Value(name, type, dimensions));

    public void AddOutput(string name, OnnxType type, params string[] dimensions) => Message(_graph, 12, Value(name, type, dimensions));

    public void WriteTo(string path)
    {
        List<byte> model = [];
        Number(model, 1, IrVersion);
        Text(_graph, 2, "encoder");
        Message(model, 7, _graph);
        Message(model, 8, Opset("", OpsetVersion));
        Message(model, 8, Opset(FusedDomain, 1));
        File.WriteAllBytes(path, model.ToArray());
    }

    private static List<byte> Attribute(string name, object value)
    {
        List<byte> attribute = [];
        Text(attribute, 1, name);
        if (value is float number)
        {
            attribute.Add((2 << 3) | 5);
            attribute.AddRange(BitConverter.GetBytes(number));
            Number(attribute, 20, 1);
        }
        else
        {
            Number(attribute, 3, (long)value);
            Number(attribute, 20, 2);
        }
        return attribute;
    }

    private static List<byte> Value(string name, OnnxType type, string[] dimensions)
    {
        List<byte> shape = [], tensor = [], wrapper = [], value = [];
        foreach (var dimension in dimensions)
        {
            List<byte> named = [];
            Text(named, 2, dimension);
            Message(shape, 1, named);
        }
        Number(tensor, 1, (int)type);
        Message(tensor, 2, shape);
        Message(wrapper, 1, tensor);
        Text(value, 1, name);
        Message(value, 2, wrapper);
        return value;
    }

    private static List<byte> Opset(string domain, int version)
    {
        List<byte> opset = [];
        Text(opset, 1, domain);
        Number(opset, 2, version);
        return opset;
    }

    private static void Number(List<byte> to, int field, long value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, (ulong)value);
    }

    private static void Text(List<byte> to, int field, string value) => Bytes(to, field, Encoding.UTF8.GetBytes(value));

    private static void Message(List<byte> to, int field, List<byte> message) => Bytes(to, field, CollectionsMarshal.AsSpan(message));

    private static void Bytes(List<byte> to, int field, ReadOnlySpan<byte> bytes)
    {
        Varint(to, ((ulong)field << 3) | 2);
        Varint(to, (ulong)bytes.Length);
        to.AddRange(bytes);
    }

    private static void Varint(List<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.Add((byte)(value | 0x80));
        }
        to.Add((byte)value);
    }
}
