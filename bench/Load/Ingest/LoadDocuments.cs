using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>The documents of a file, read anew each time: they are not held in memory while the services are measured.</summary>
internal sealed class LoadDocuments
{
    private readonly string path;
    private readonly int lines;

    /// <param name="path">JSON lines, gzipped.</param>
    /// <param name="count">Evenly spread over the file; all when 0.</param>
    public LoadDocuments(string path, int count)
    {
        this.path = path;
        lines = ReadLines().Count();
        Count = count == 0 ? lines : Math.Min(count, lines);
    }

    public int Count { get; }

    /// <summary>Bodies for the drop queue: the line itself, which has a drop's fields, and the collection.</summary>
    public IEnumerable<byte[]> Drops() => Chosen(Count).Select(line => Encoding.UTF8.GetBytes(
        $"{{\"tenant\":\"{IngestPlan.Tenant}\",\"collection\":\"{IngestPlan.Collection}\",\"batch\":\"{IngestPlan.Batch}\",{line.AsSpan(1)}"));

    /// <summary>UTF-8 bytes of all texts.</summary>
    public long CountBytes() => Sample(Count).Sum(document => (long)Encoding.UTF8.GetByteCount(document.Text));

    /// <summary>Some of them, evenly spread.</summary>
    public IEnumerable<LoadDocument> Sample(int count) =>
        Chosen(Math.Min(count, Count)).Select(line => JsonSerializer.Deserialize<LoadDocument>(line, JsonSerializerOptions.Web)!);

    private IEnumerable<string> Chosen(int count) =>
        ReadLines().Where((_, index) => (long)index * count / lines != (long)(index + 1) * count / lines);

    private IEnumerable<string> ReadLines()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}

internal sealed record LoadDocument(string Id, string Title, string ContentType, string Text);
