using System.Runtime.InteropServices;
using System.Text;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Fuzz;

/// <summary>Files that hold weights.</summary>
internal static class WeightSubjects
{
    private const string Safetensors = "model.safetensors";
    private const string Index = "model.safetensors.index.json";
    private const string Onnx = "onnx/model.onnx";

    public static IEnumerable<FuzzSubject> All =>
    [
        new("safetensors", 1600, Single, (files, random) => files[Safetensors] = DamageSafetensors(files[Safetensors], random), ReadAll, Safetensors),
        new("safetensors, split", 1600, Split, DamageSplit, ReadAll, Index, "a.safetensors", "b.safetensors"),
        new("ONNX", 1600, () => OnnxFiles(4), DamageOnnx, ReadAll, Onnx, "model.onnx_data"),
        new("llama2.c", 800, Checkpoint, DamageCheckpoint, ReadCheckpoint, "llama2.c checkpoint", "tensor '"),
    ];

    private static MemoryModelFiles Single() => new MemoryModelFiles().With(files => files[Safetensors] = SafetensorsBytes.Write(
        ("a", "F32", [2, 3], Bytes(6)), ("b", "F16", [4], Bytes(2)), ("c", "BF16", [2, 1], Bytes(1)), ("none", "F32", [0, 4], [])));

    private static MemoryModelFiles Split() => new MemoryModelFiles().With(files =>
    {
        files["a.safetensors"] = SafetensorsBytes.Write(("x", "F32", [3], Bytes(3)), ("y", "F32", [1, 1], Bytes(1)));
        files["b.safetensors"] = SafetensorsBytes.Write(("z", "F32", [2], Bytes(2)));
        files[Index] = Encoding.UTF8.GetBytes("""{"metadata":{"total_size":24},"weight_map":{"x":"a.safetensors","y":"a.safetensors","z":"b.safetensors"}}""");
    });

    private static MemoryModelFiles OnnxFiles(int columns)
    {
        var writer = new OnnxWriter { ExternalFile = "model.onnx_data" };
        writer.AddNode("MatMul", ["x", "onnx::MatMul_1"], "product");
        writer.AddNode("Add", ["layer.bias", "product"], "y");
        writer.AddNode("Identity", ["layer.bias"], "other.bias");
        writer.AddInside("onnx::MatMul_1", OnnxWriter.Float32, [2, columns], Bytes(2 * columns));
        writer.AddOutside("layer.bias", OnnxWriter.Float32, [columns], Bytes(columns));
        writer.AddFloats("floats", [2], Bytes(2));
        writer.AddOutside("q", OnnxWriter.UInt8, [2, 2, 8], new byte[32]);
        writer.AddOutside("scales", OnnxWriter.Float32, [4], Bytes(4));
        writer.AddInt4Product("q", "scales", depth: 18, columns: 2, block: 16);
        return new MemoryModelFiles().With(files => (files[Onnx], files["onnx/model.onnx_data"]) = (writer.Model, writer.ExternalData));
    }

    /// <summary>dim 8, hidden_dim 12, one layer, 2 heads, one of keys, 16 tokens, 6 positions.</summary>
    private static MemoryModelFiles Checkpoint()
    {
        int[] header = [8, 12, 1, 2, 1, 16, 6];
        var values = (16 * 8) + 8 + (8 * 8) + (2 * 4 * 8) + (8 * 8) + 8 + (3 * 8 * 12) + 8 + (6 * 4);
        return new MemoryModelFiles().With(files => files["model.bin"] = [.. MemoryMarshal.AsBytes<int>(header), .. Bytes(values)]);
    }

    private static byte[] DamageSafetensors(byte[] file, Random random)
    {
        var length = (int)BitConverter.ToInt64(file);
        return random.Next(4) switch
        {
            0 => ByteDamage.Damage(file, random),
            1 => ByteDamage.Inflate(file, 0, 8, random),
            _ => SafetensorsBytes.WithHeader(Encoding.UTF8.GetString(JsonDamage.Damage(file[8..(8 + length)], random)), file[(8 + length)..]),
        };
    }

    private static void DamageSplit(Dictionary<string, byte[]> files, Random random)
    {
        var name = new[] { Index, Index, "a.safetensors", "b.safetensors" }[random.Next(4)];
        files[name] = name == Index ? JsonDamage.Damage(files[name], random) : DamageSafetensors(files[name], random);
        if (random.Next(20) == 0)
        {
            files.Remove("b.safetensors");
        }
    }

    private static void DamageOnnx(Dictionary<string, byte[]> files, Random random)
    {
        var name = random.Next(5) == 0 ? "onnx/model.onnx_data" : Onnx;
        files[name] = ByteDamage.Damage(files[name], random);
    }

    private static void DamageCheckpoint(Dictionary<string, byte[]> files, Random random)
    {
        var file = files["model.bin"];
        files["model.bin"] = random.Next(3) == 0 ? ByteDamage.Damage(file, random) : ByteDamage.Inflate(file, 4 * random.Next(7), 4, random);
    }

    private static void ReadAll(MemoryModelFiles files)
    {
        using var weights = ModelWeights.Open(files);
        IEnumerable<string> names = weights switch
        {
            SafetensorsFile file => file.Names,
            ShardedSafetensors shards => shards.Names,
            RagPlatform.Transformers.Onnx.OnnxWeights onnx => onnx.Names,
            _ => [],
        };
        foreach (var name in names.ToList())
        {
            weights.Read(name);
            weights.ReadStored(name);
        }
    }

    private static void ReadCheckpoint(MemoryModelFiles files)
    {
        var decoder = RagPlatform.Transformers.Decoders.Decoder.LoadLlama2c(files.Open("model.bin"));
        using var session = new DecoderSession(decoder, 3);
        session.Append([1, 2, 3], CancellationToken.None);
    }

    private static byte[] Bytes(int values) => MemoryMarshal.AsBytes<float>(Enumerable.Range(0, values).Select(i => 0.01f * i).ToArray()).ToArray();
}
