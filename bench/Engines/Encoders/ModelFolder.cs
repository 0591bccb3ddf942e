using RagPlatform.Transformers;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>A model's folder on disk.</summary>
internal sealed class ModelFolder(string path) : IModelFiles
{
    public bool Exists(string name) => File.Exists(Path.Combine(path, name));

    public Stream Open(string name) => File.OpenRead(Path.Combine(path, name));
}
