namespace RagPlatform.Ingestion.Registry;

/// <summary>A batch as the registry counts it.</summary>
public sealed record Batch
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastPutAt { get; init; }
    /// <summary>As declared; 0 when it was not.</summary>
    public required long ExpectedDocuments { get; init; }
    /// <summary>As declared; 0 when it was not.</summary>
    public required long ExpectedBytes { get; init; }
    /// <summary>Puts of what stood already.</summary>
    public required long Unchanged { get; init; }
    public required long UnchangedBytes { get; init; }
    public required IReadOnlyList<BatchGroup> Groups { get; init; }
    /// <summary>By time; of the last hour in which anything was embedded.</summary>
    public required IReadOnlyList<BatchSlot> Slots { get; init; }
}

/// <summary>Documents of a batch that are alike: in one state, of one type, of about one size (a factor of four).</summary>
/// <param name="State">Null for those that a newer version overtook on their way.</param>
public sealed record BatchGroup(
    DocumentState? State, string ContentType, int SizeClass, long Documents, long ContentBytes, long TextCharacters, long Chunks, long EmbeddedChunks);

/// <summary>What was embedded of a batch within one slot of five seconds.</summary>
/// <param name="Start">Of the slot.</param>
/// <param name="Chunks">Embedded.</param>
/// <param name="Characters">Of stored text in them, in UTF-16 code units.</param>
/// <param name="Documents">By the parts of their chunks that were embedded.</param>
public sealed record BatchSlot(DateTimeOffset Start, long Chunks, long Characters, double Documents)
{
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(BatchSchema.SlotMilliseconds);
}
