using System.Text.Json;

namespace RagPlatform.Bench.Load.Embed;

/// <summary>Real texts of the length that ingestion makes: chunks from JSON lines, or paragraphs of documents.</summary>
internal static class BenchTexts
{
    private const int MaxParagraphCharacters = 1500;
    private const int MinParagraphCharacters = 20;
    private const int Seed = 20_261_120;

    /// <param name="path">A file of JSON lines with a property "text", or a folder with such files or with documents (.md, .txt).</param>
    /// <param name="count">At most so many, drawn evenly.</param>
    public static string[] Read(string path, int count)
    {
        IEnumerable<string> files = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [path];
        var all = files.SelectMany(ReadFile).ToArray();
        if (all.Length == 0)
        {
            throw new InvalidDataException($"{path} holds no texts: give a file of JSON lines with a property \"text\", or a folder with .jsonl, .md or .txt files.");
        }

        new Random(Seed).Shuffle(all);
        return all[..Math.Min(count, all.Length)];
    }

    private static IEnumerable<string> ReadFile(string path) => Path.GetExtension(path) switch
    {
        ".jsonl" => File.ReadLines(path).Where(line => line.Length > 0).Select(Text).Where(text => text.Length > 0),
        ".md" or ".txt" => File.ReadAllText(path).Split("\n\n").Where(paragraph => paragraph.Trim().Length >= MinParagraphCharacters)
            .Select(paragraph => paragraph[..Math.Min(paragraph.Length, MaxParagraphCharacters)]),
        _ => [],
    };

    private static string Text(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("text", out var text) ? text.GetString() ?? "" : "";
    }
}
