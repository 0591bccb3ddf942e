using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Swap;

/// <summary>The documents of a collection and questions about them.</summary>
internal sealed partial class SwapDocuments(string path, int count)
{
    /// <summary>The metadata key that tells the documents of the file from those that are put beside them while the index is built.</summary>
    public const string SetField = "set";
    public const string Loaded = "loaded";
    public const string Beside = "beside";

    private readonly List<Source> sources = [.. Read(path).Take(count == 0 ? int.MaxValue : count)];

    public int Count => sources.Count;

    public IEnumerable<PutDocumentRequest> Puts(string collection) =>
        sources.Select(source => Put(collection, Loaded, source.Id, source.Title, source.ContentType, source.Text));

    public static PutDocumentRequest PutBeside(string collection, int number) =>
        Put(collection, Beside, $"beside-{number}", $"Note {number}", "text/plain", $"Note {number} was put while the collection was being built anew. It says {number * 7919}.");

    /// <summary>Six to ten words in a row from a document's longest line, as a person in search of it might remember them.</summary>
    public string Question(Random random)
    {
        while (true)
        {
            var words = Word().Matches(sources[random.Next(sources.Count)].Text.Split('\n').MaxBy(line => line.Length)!).Select(match => match.Value).ToArray();
            var length = random.Next(6, 11);
            if (words.Length > length * 2)
            {
                return string.Join(' ', words.AsSpan(random.Next(words.Length - length), length));
            }
        }
    }

    private static PutDocumentRequest Put(string collection, string set, string id, string title, string contentType, string text) => new()
    {
        Header = new DocumentHeader { Tenant = "default", Collection = collection, Id = id, Title = title, ContentType = contentType, Metadata = { [SetField] = set } },
        Content = ByteString.CopyFromUtf8(text),
    };

    private static IEnumerable<Source> Read(string path)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            yield return JsonSerializer.Deserialize<Source>(line, JsonSerializerOptions.Web)!;
        }
    }

    [GeneratedRegex(@"\p{L}[\p{L}\p{N}'-]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    private sealed record Source(string Id, string Title, string ContentType, string Text);
}
