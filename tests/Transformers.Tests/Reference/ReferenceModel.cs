using System.Text.Json;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Reference;

/// <summary>A tiny model and what PyTorch computes with it; encoders.py made both.</summary>
internal sealed class ReferenceModel(string name) : IModelFiles
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private readonly string folder = Path.Combine(AppContext.BaseDirectory, "Reference", name);

    public bool Exists(string name) => File.Exists(Path.Combine(folder, name));

    public Stream Open(string name) => File.OpenRead(Path.Combine(folder, name));

    public T[] Expected<T>() => JsonSerializer.Deserialize<T[]>(File.ReadAllBytes(Path.Combine(folder, "expected.json")), Web)!;

    /// <summary>The same model with other files beside it, or without some.</summary>
    public MemoryModelFiles With(Action<Dictionary<string, byte[]>> change)
    {
        var files = new MemoryModelFiles();
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            files.Files[Path.GetFileName(path)] = File.ReadAllBytes(path);
        }
        return files.With(change);
    }
}
