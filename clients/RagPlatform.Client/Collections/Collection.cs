namespace RagPlatform.Client;

/// <summary>A collection of documents and how it is indexed.</summary>
public sealed record Collection
{
    public required string Name { get; init; }
    public required long DocumentCount { get; init; }
    public required long ChunkCount { get; init; }
    /// <summary>That makes its vectors; empty before the first chunk, unless the collection was created with one.</summary>
    public required string Model { get; init; }
    /// <summary>Of its vectors; 0 while it has no model.</summary>
    public required int Dimension { get; init; }
    /// <summary>"embedded" or "qdrant".</summary>
    public required string Store { get; init; }
    /// <summary>0 when the store does not tell.</summary>
    public required long DiskBytes { get; init; }
    /// <summary>Of the model, the analysis and the index's settings, hex.</summary>
    public required string ConfigurationHash { get; init; }
    public required CollectionHealth Health { get; init; }
    /// <summary>For people, e.g. which file was set aside.</summary>
    public required string HealthDetail { get; init; }
    public required IReadOnlyList<string> Aliases { get; init; }
    public required CollectionSettings Settings { get; init; }
    /// <summary>The second index, while there is one or the last one failed.</summary>
    public IndexBuild? Build { get; init; }
    public required int SegmentCount { get; init; }
    /// <summary>That the registry has and the index has not, while repairing.</summary>
    public required long MissingDocuments { get; init; }
    /// <summary>Of the tokenizer and chunk sizes that the last document was chunked by, hex; empty while unknown.</summary>
    public required string ChunkingHash { get; init; }
    /// <summary>That another configuration chunked; a build with <see cref="IndexBuildOptions.ChunkAgain"/> cuts them anew.</summary>
    public required long DocumentsChunkedEarlier { get; init; }
}

public enum CollectionHealth
{
    Unspecified = 0,
    Ready = 1,
    /// <summary>Damaged files were set aside; their documents are being indexed again.</summary>
    Repairing = 2,
    /// <summary>Its store does not answer.</summary>
    Unavailable = 3,
}

/// <summary>What a collection is searched with unless a search says otherwise, and how its documents are cut.</summary>
/// <param name="Fusion">Min-max when unspecified.</param>
/// <param name="VectorWeight">0 (BM25 alone) to 1 (vectors alone); the service's default when null.</param>
/// <param name="RerankModel">Reads the best hits with the query and orders them anew; nothing does when empty.</param>
/// <param name="RerankCandidates">Hits that it reads, 1 to 256; the service's default when 0.</param>
/// <param name="Chunking">Of documents to come; a build with <see cref="IndexBuildOptions.ChunkAgain"/> cuts those that are there. The platform's default when null.</param>
public sealed record CollectionSettings(
    FusionMethod Fusion = FusionMethod.Unspecified, double? VectorWeight = null, string RerankModel = "", int RerankCandidates = 0, ChunkingSettings? Chunking = null);

/// <summary>A copy of a collection's index, kept by the platform.</summary>
/// <param name="Name">To restore it by, e.g. "docs-20261120-101500".</param>
/// <param name="Bytes">On disk.</param>
public sealed record CollectionSnapshot(string Name, long Bytes);
