using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Models;

/// <summary>A complete model on disk, in Hugging Face layout or its ONNX variant.</summary>
/// <param name="Id">The model's name, which is its folder's name.</param>
/// <param name="Path">Absolute.</param>
/// <param name="Source">Where it came from: a source of the catalog, or "folder" when someone put it there.</param>
public sealed record ModelFolder(string Id, string Path, string Source) : IModelFiles
{
    public const string PutByHand = "folder";

    /// <summary>Of its entry in models.json; null where its files, or the card of its family, decide.</summary>
    public TextPrefixes? Prefixes { get; init; }

    /// <summary>Of all files in it.</summary>
    public long SizeBytes => BytesIn(Path);

    public bool Exists(string name) => File.Exists(Locate(name));

    public Stream Open(string name) =>
        new FileStream(Locate(name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);

    /// <summary>Of all files under that folder.</summary>
    internal static long BytesIn(string path) => new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private string Locate(string name) => System.IO.Path.Combine(Path, name);
}
