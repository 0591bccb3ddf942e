namespace RagPlatform.Client;

/// <summary>Which document is to be cut for a look, and how.</summary>
public sealed record ChunkPreviewRequest
{
    /// <summary>Whose model counts and whose settings hold; "default" when left out.</summary>
    public string Collection { get; init; } = "";

    /// <summary>The document, at most 2 MiB; empty where a stored one is to be cut.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Its uri or file name, whose ending may tell its type.</summary>
    public string Uri { get; init; } = "";

    /// <summary>Its type; told from the uri's ending, else the content, when left out.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>A stored document in place of content.</summary>
    public string DocumentId { get; init; } = "";

    /// <summary>Of the stored document; the latest when 0.</summary>
    public long Version { get; init; }

    /// <summary>In place of the collection's settings; those when null.</summary>
    public ChunkingSettings? Chunking { get; init; }
}

/// <summary>How a document would be cut.</summary>
public sealed record ChunkPreview
{
    public required string Title { get; init; }
    /// <summary>As it was read.</summary>
    public required string ContentType { get; init; }
    public required long TextCharacters { get; init; }
    /// <summary>Whose tokens count.</summary>
    public required string Model { get; init; }
    /// <summary>As a collection's description shows it.</summary>
    public required string ChunkingHash { get; init; }
    /// <summary>In force, with every size.</summary>
    public required ChunkingSettings Chunking { get; init; }
    /// <summary>Of how it was read.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
    /// <summary>In order.</summary>
    public required IReadOnlyList<PreviewedChunk> Chunks { get; init; }
}

/// <summary>A passage that would be embedded.</summary>
public sealed record PreviewedChunk
{
    /// <summary>From 0.</summary>
    public required int Ordinal { get; init; }
    public required string Text { get; init; }
    /// <summary>In UTF-16 code units into the extracted text, inclusive.</summary>
    public required int StartOffset { get; init; }
    /// <summary>Exclusive.</summary>
    public required int EndOffset { get; init; }
    public required int TokenCount { get; init; }
    /// <summary>Context for search, not part of the text; a table's header cells last.</summary>
    public required IReadOnlyList<string> HeadingPath { get; init; }
    /// <summary>In the original: "page 12"; empty where its format has no such places.</summary>
    public required string Location { get; init; }
    /// <summary>Of what is quoted in its place; null where that is the chunk itself.</summary>
    public int? ParentStartOffset { get; init; }
    /// <summary>Exclusive.</summary>
    public int? ParentEndOffset { get; init; }
}
