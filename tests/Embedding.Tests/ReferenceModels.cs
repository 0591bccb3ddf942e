using System.Text.Json;

namespace RagPlatform.Embedding.Tests;

/// <summary>The tiny models that tests/Transformers.Tests/Reference/encoders.py made, with what PyTorch computes with them.</summary>
internal static class ReferenceModels
{
    public const string Encoder = "bert-encoder";
    public const string Multilingual = "xlm-roberta-encoder";
    public const string Reranker = "bert-reranker";
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Copies a model into a models directory, under that name.</summary>
    public static void Write(string modelsDirectory, string model, string? name = null)
    {
        var target = Directory.CreateDirectory(Path.Combine(modelsDirectory, name ?? model)).FullName;
        foreach (var file in Directory.EnumerateFiles(FolderOf(model)).Where(file => Path.GetFileName(file) != "expected.json"))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }

    public static byte[] Read(string model, string file) => File.ReadAllBytes(Path.Combine(FolderOf(model), file));

    public static T[] Expected<T>(string model) => JsonSerializer.Deserialize<T[]>(Read(model, "expected.json"), Web)!;

    private static string FolderOf(string model) => Path.Combine(AppContext.BaseDirectory, "Reference", model);
}
