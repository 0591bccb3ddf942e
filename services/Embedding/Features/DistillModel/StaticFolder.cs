using System.Text.Json;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Static;

namespace RagPlatform.Embedding.Features.DistillModel;

/// <summary>Writes a distilled model's folder: the table, the teacher's tokenizer, and the teacher itself for the questions.</summary>
internal static class StaticFolder
{
    /// <exception cref="Grpc.Errors.ServiceException">The teacher's files are not those any more that it was loaded from.</exception>
    public static async Task WriteAsync(string folder, StaticTable table, LoadedEncoder model, CancellationToken cancellationToken)
    {
        var teacher = model.Folder;
        await using (var configuration = File.Create(Path.Combine(folder, "config.json")))
        {
            StaticModelFiles.WriteConfiguration(configuration, table, LoadedModel.NamesOf(teacher));
        }

        await using (var weights = File.Create(Path.Combine(folder, "model.safetensors")))
        {
            StaticModelFiles.WriteTable(weights, table);
        }

        foreach (var file in StaticModelFiles.TokenizerFiles.Where(teacher.Exists))
        {
            await CopyAsync(Path.Combine(teacher.Path, file), Path.Combine(folder, file), cancellationToken);
        }

        var questions = Path.Combine(folder, StaticModelFiles.QuestionFolder);
        foreach (var path in Directory.EnumerateFiles(teacher.Path, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(questions, Path.GetRelativePath(teacher.Path, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await CopyAsync(path, target, cancellationToken);
        }

        if (model.Embedder is SentenceEncoder encoder && ModelFingerprint.Of(teacher with { Path = questions }, encoder.Precision, cancellationToken) != model.FilesFingerprint)
        {
            throw EmbeddingErrors.NotDistillable(teacher.Id, "its files changed while it was");
        }

        if (teacher.Prefixes is { } prefixes)
        {
            await WritePromptsAsync(Path.Combine(questions, "config_sentence_transformers.json"), prefixes, cancellationToken);
        }
    }

    /// <summary>What the teacher's entry in models.json says instead of its files, the new model's files have to say.</summary>
    private static async Task WritePromptsAsync(string path, TextPrefixes prefixes, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        var prompts = new Dictionary<string, string>(StringComparer.Ordinal) { ["query"] = prefixes.Query, ["passage"] = prefixes.Passage };
        await JsonSerializer.SerializeAsync(file, new Dictionary<string, object>(StringComparer.Ordinal) { ["prompts"] = prompts }, cancellationToken: cancellationToken);
    }

    private static async Task CopyAsync(string source, string target, CancellationToken cancellationToken)
    {
        await using var from = File.OpenRead(source);
        await using var to = File.Create(target);
        await from.CopyToAsync(to, cancellationToken);
    }
}
