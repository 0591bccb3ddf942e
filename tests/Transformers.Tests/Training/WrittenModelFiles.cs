using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Training;

/// <summary>Takes files that something writes, and gives them as a model's folder.</summary>
internal sealed class WrittenModelFiles
{
    public MemoryModelFiles Folder { get; } = new();

    public Stream Create(string name) => new Written(bytes => Folder.Files[name] = bytes);

    private sealed class Written(Action<byte[]> done) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            done(ToArray());
            base.Dispose(disposing);
        }
    }
}
