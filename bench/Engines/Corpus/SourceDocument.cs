using System.IO.Compression;
using System.Text.Json;

namespace RagPlatform.Bench.Engines.Corpus;

/// <summary>A line of a documents file: JSON Lines of id (or _id), title, text and contentType, perhaps gzipped.</summary>
internal sealed record SourceDocument(string Id, string Title, string Text, string ContentType)
{
    public static IEnumerable<SourceDocument> Read(string path, Random random)
    {
        var lines = ReadLines(path).ToArray();
        random.Shuffle(lines);
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var id = root.TryGetProperty("id", out var value) ? value : root.GetProperty("_id");
            var type = root.TryGetProperty("contentType", out var contentType) ? contentType.GetString()! : "text/plain";
            yield return new SourceDocument(id.GetString()!, root.GetProperty("title").GetString()!, root.GetProperty("text").GetString()!, type);
        }
    }

    private static IEnumerable<string> ReadLines(string path)
    {
        using var file = File.OpenRead(path);
        using var plain = path.EndsWith(".gz", StringComparison.Ordinal) ? (Stream)new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
