using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RagPlatform.Transformers.Tests.TinyModels;

/// <summary>safetensors files byte by byte, damaged ones too.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A file of fp32 tensors.</summary>
    public static byte[] Write(IEnumerable<(string Name, int[] Shape, float[] Values)> tensors) =>
        Write([.. tensors.Select(tensor => (tensor.Name, "F32", tensor.Shape, MemoryMarshal.AsBytes<float>(tensor.Values).ToArray()))]);

    public static byte[] Write(params (string Name, string Type, int[] Shape, byte[] Data)[] tensors)
    {
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        var data = new List<byte>();
        foreach (var (name, type, shape, bytes) in tensors)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = JsonSerializer.SerializeToNode(shape),
                ["data_offsets"] = new JsonArray(data.Count, data.Count + bytes.Length),
            };
            data.AddRange(bytes);
        }
        return WithHeader(header.ToJsonString(), [.. data]);
    }

    public static byte[] WithHeader(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. data];
    }
}
