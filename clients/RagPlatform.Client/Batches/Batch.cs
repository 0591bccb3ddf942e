namespace RagPlatform.Client;

/// <summary>Any number of documents that were put under one name.</summary>
public sealed record Batch
{
    public required string Id { get; init; }
    /// <summary>States that any of its documents is in.</summary>
    public required IReadOnlyDictionary<DocumentState, long> Documents { get; init; }
    /// <summary>Overtaken by a newer version before they were indexed; in no state of <see cref="Documents"/>.</summary>
    public required long SupersededCount { get; init; }
    /// <summary>Of all states, and superseded ones: puts that began something.</summary>
    public required long DocumentCount { get; init; }
    /// <summary>Puts of what stood already.</summary>
    public required long UnchangedCount { get; init; }
    /// <summary>As declared; 0 when it was not.</summary>
    public required long ExpectedDocuments { get; init; }
    /// <summary>As declared; 0 when it was not.</summary>
    public required long ExpectedBytes { get; init; }
    public required long ContentBytes { get; init; }
    /// <summary>Of what has been extracted, in UTF-16 code units.</summary>
    public required long TextCharacters { get; init; }
    /// <summary>Of what has been chunked.</summary>
    public required long ChunkCount { get; init; }
    public required long EmbeddedChunkCount { get; init; }
    /// <summary>With what the rest will have, by the batch's own measure.</summary>
    public required long EstimatedChunkCount { get; init; }
    /// <summary>0 to 1, of the text to embed.</summary>
    public required double Progress { get; init; }
    /// <summary>Of late; 0 while unknown.</summary>
    public required double ChunksPerSecond { get; init; }
    /// <summary>Null while nothing can be said.</summary>
    public double? RemainingSeconds { get; init; }
    /// <summary>Nothing is on its way, and as many documents as declared have arrived.</summary>
    public required bool IsAtRest { get; init; }
    /// <summary>What is left of it waits for a resume.</summary>
    public required bool IsPaused { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? LastPutAt { get; init; }
    public DateTimeOffset? LastProgressAt { get; init; }
    /// <summary>The first ones, where asked for.</summary>
    public required IReadOnlyList<FailedDocument> Failed { get; init; }

    public long Count(DocumentState state) => Documents.GetValueOrDefault(state);
}

/// <summary>A document of a batch that failed, and why.</summary>
public sealed record FailedDocument(string Collection, string Id, long Version, DocumentFailure Failure);

/// <param name="Batches">Newest first, without failed documents.</param>
/// <param name="NextPageToken">Null on the last page.</param>
public sealed record BatchPage(IReadOnlyList<Batch> Batches, string? NextPageToken);
