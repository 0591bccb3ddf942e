namespace RagPlatform.Client;

/// <summary>What describes a document beside its content; every part may be left out.</summary>
public sealed record DocumentHeader
{
    /// <summary>1 to 63 of a-z, 0-9, "_" and "-"; "default" when left out.</summary>
    public string Collection { get; init; } = "";

    /// <summary>At most 512 characters; a hash of the uri, else of the content, when left out.</summary>
    public string Id { get; init; } = "";

    /// <summary>Where the document came from; at most 2,048 characters.</summary>
    public string Uri { get; init; } = "";

    /// <summary>At most 1,024 characters; taken from the content when left out.</summary>
    public string Title { get; init; } = "";

    /// <summary>text/plain, text/markdown or text/html; from the uri's ending, else the content, when left out.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>1 to 63 of a-z, 0-9, "_" and "-": any number of documents may be put under one, and be followed together. None when left out.</summary>
    public string BatchId { get; init; } = "";

    /// <summary>At most 64 entries, keys up to 128 and values up to 1,024 characters.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
