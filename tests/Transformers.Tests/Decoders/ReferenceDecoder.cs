using System.Runtime.InteropServices;
using System.Text.Json;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Decoders;

/// <summary>A tiny random decoder with the logits that PyTorch computes for it (Reference/decoders.py).</summary>
internal sealed class ReferenceDecoder
{
    private ReferenceDecoder(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf($"{name}.json")));
        Files = new MemoryModelFiles();
        Files.Files["config.json"] = JsonSerializer.SerializeToUtf8Bytes(document.RootElement.GetProperty("config"));
        Files.Files["model.safetensors"] = File.ReadAllBytes(PathOf($"{document.RootElement.GetProperty("weights").GetString()}.safetensors"));
        Ids = document.RootElement.GetProperty("ids").Deserialize<int[]>()!;
        Logits = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(PathOf($"{name}.logits.f32"))).ToArray();
    }

    public MemoryModelFiles Files { get; }

    public int[] Ids { get; }

    /// <summary>[ids, vocabulary].</summary>
    public float[] Logits { get; }

    public static ReferenceDecoder Of(string name) => new(name);

    public Decoder Load(WeightStorage storage = WeightStorage.AsStored) => Decoder.Load(Files, storage);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Reference", "decoders", file);
}
