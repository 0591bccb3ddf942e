using RagPlatform.Client;

namespace RagPlatform.CommandLine.Watch;

/// <summary>Where a folder's files go and how they are described there.</summary>
internal sealed record WatchTarget
{
    /// <summary>The metadata entry that tells whose a document is: who put it there is the only one to delete it.</summary>
    public const string SourceKey = "rag.source";

    /// <summary>The metadata entry with the file's hash, so that the collection itself tells what has changed, and no state has to be kept here.</summary>
    public const string HashKey = "rag.hash";

    private const int MaxUriCharacters = 2048;

    public required string Collection { get; init; }

    /// <summary>In front of every path.</summary>
    public required string Prefix { get; init; }

    /// <summary>The same at every start, and another's never.</summary>
    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>file://MACHINE/PATH (RFC 8089).</summary>
    public static string DefaultSource(string folder) => $"file://{Environment.MachineName}{new Uri(folder).AbsolutePath}";

    public string IdOf(string path) => Prefix + path;

    public DocumentHeader Describe(string path, ScannedFile file, string hash)
    {
        var uri = UriOf(file.Path);
        return new DocumentHeader
        {
            Collection = Collection,
            Id = IdOf(path),
            Uri = uri.Length <= MaxUriCharacters ? uri : "",
            Metadata = new Dictionary<string, string>(Metadata) { [SourceKey] = Source, [HashKey] = hash },
        };
    }

    /// <summary>Whether a document in the collection is described as <see cref="Describe"/> would.</summary>
    public bool IsDescribedAlike(Document document, string fullPath) =>
        (UriOf(fullPath) is { Length: <= MaxUriCharacters } uri ? uri : "") == document.Uri
        && document.Metadata.Count == Metadata.Count + 2
        && Metadata.All(entry => document.Metadata.TryGetValue(entry.Key, out var value) && value == entry.Value);

    private static string UriOf(string fullPath) => new Uri(fullPath).AbsoluteUri;
}
