using System.Text.Json;
using RagPlatform.Bench.Engines.Corpus;

namespace RagPlatform.Bench.Engines.Tokenizers;

/// <summary>Lines to tokenize.</summary>
internal static class TextLines
{
    /// <param name="path">JSON Lines of strings, or of documents, perhaps gzipped, whose lines of text are taken.</param>
    public static string[] Read(string path, int count) =>
        [.. (IsDocuments(path) ? SourceDocument.Read(path, new Random(1)).SelectMany(document => document.Text.Split('\n')) : Strings(path))
            .Where(line => !string.IsNullOrWhiteSpace(line)).Take(count)];

    private static IEnumerable<string> Strings(string path) => File.ReadLines(path).Select(line => JsonSerializer.Deserialize<string>(line)!);

    private static bool IsDocuments(string path) => path.EndsWith(".gz", StringComparison.Ordinal) || File.ReadLines(path).First().StartsWith('{');
}
