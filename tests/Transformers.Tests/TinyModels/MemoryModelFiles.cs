namespace RagPlatform.Transformers.Tests.TinyModels;

/// <summary>A model's folder in memory.</summary>
internal sealed class MemoryModelFiles : IModelFiles
{
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>These files after a change.</summary>
    public MemoryModelFiles With(Action<Dictionary<string, byte[]>> change)
    {
        change(Files);
        return this;
    }

    public bool Exists(string name) => Files.ContainsKey(name);

    public Stream Open(string name) => new MemoryStream(Files[name], writable: false);
}
