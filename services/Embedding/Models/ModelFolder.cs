using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Models;

/// <summary>A complete model on disk, in Hugging Face layout (model.safetensors) or its ONNX variant (onnx/model_q4.onnx).</summary>
/// <param name="Id">The model's name, which is its folder's name.</param>
/// <param name="Path">Absolute.</param>
/// <param name="Source">Where it came from: a source of the catalog, or "folder" when someone put it there.</param>
public sealed record ModelFolder(string Id, string Path, string Source) : IModelFiles
{
    public const string PutByHand = "folder";

    /// <summary>Of all files in it.</summary>
    public long SizeBytes => new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public bool Exists(string name) => File.Exists(Locate(name));

    public Stream Open(string name) =>
        new FileStream(Locate(name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);

    /// <summary>Whether the folder has what a BERT-family encoder needs: a configuration, a vocabulary and weights.</summary>
    public static bool IsModel(string path) =>
        Has(path, "config.json") && Has(path, "vocab.txt") && (Has(path, "model.safetensors") || Has(path, "onnx/model_q4.onnx"));

    private static bool Has(string path, string name) => File.Exists(System.IO.Path.Combine(path, name));

    private string Locate(string name) => System.IO.Path.Combine(Path, name);
}
