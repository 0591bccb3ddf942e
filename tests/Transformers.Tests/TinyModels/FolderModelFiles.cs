namespace RagPlatform.Transformers.Tests.TinyModels;

/// <summary>A model's folder on disk.</summary>
internal sealed class FolderModelFiles(string folder) : IModelFiles
{
    public bool Exists(string name) => File.Exists(Path.Combine(folder, name));

    public Stream Open(string name) => File.OpenRead(Path.Combine(folder, name));
}
