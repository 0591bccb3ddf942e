using System.Text.Json;
using System.Text.Json.Serialization;

namespace RagPlatform.Retrieval.Storage.QdrantStore.Api;

/// <summary>
/// What we keep with a point. There are three kinds: one index point per collection (its settings), one document point per
/// document (the version that searches see: writing it is what makes a version visible), and the chunk points.
/// </summary>
internal sealed record PointPayload
{
    public const string IndexKind = "index";
    public const string DocumentKind = "document";
    public const string ChunkKind = "chunk";

    public string? Kind { get; init; }

    public string? Tenant { get; init; }

    public string? DocumentId { get; init; }

    /// <summary>Which of the writings of the document the point belongs to: a hash of all that was written.</summary>
    public string? Revision { get; init; }

    public long? Version { get; init; }

    public string? Title { get; init; }

    public string? Uri { get; init; }

    /// <summary>As it came, for who reads the document.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Of the document's points only.</summary>
    public int? ChunkCount { get; init; }

    public string? ChunkId { get; init; }

    public int? Ordinal { get; init; }

    public IReadOnlyList<string>? Headings { get; init; }

    public string? Text { get; init; }

    public int? StartOffset { get; init; }

    public int? EndOffset { get; init; }

    /// <summary>Of the index's point only, as are <see cref="Dimension"/> and <see cref="Weighing"/>.</summary>
    public string? Model { get; init; }

    public int? Dimension { get; init; }

    public TermWeighing? Weighing { get; init; }

    /// <summary>What filters and facets see: <see cref="PayloadFields"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>How an index weighs terms: what it was made with, whatever the settings are by now.</summary>
/// <param name="K1">Of BM25, as is <paramref name="B"/>.</param>
/// <param name="AverageChunkTerms">What a chunk's length is held against.</param>
/// <param name="Analysis">How texts become terms: <see cref="AnalysisFingerprint"/>.</param>
internal sealed record TermWeighing(float K1, float B, int TitleWeight, int HeadingWeight, int AverageChunkTerms, string Analysis);

/// <summary>The payload's names where requests need them.</summary>
internal static class PayloadKeys
{
    public const string Kind = "kind";
    public const string Tenant = "tenant";
    public const string DocumentId = "document_id";
    public const string Revision = "revision";
    public const string Title = "title";
    public const string Uri = "uri";

    /// <summary>What tells a point's document and whether it is visible.</summary>
    public static readonly IReadOnlyList<string> Identity = [DocumentId, Revision];

    /// <summary>What a hit and a document are made of.</summary>
    public static readonly IReadOnlyList<string> Content =
        [DocumentId, Revision, "version", Title, Uri, "metadata", "chunk_id", "ordinal", "headings", "text", "start_offset", "end_offset"];

    /// <summary>What opening an index needs of its document points.</summary>
    public static readonly IReadOnlyList<string> Held = [DocumentId, Revision, "version", "chunk_count"];

    public static readonly IReadOnlyList<string> Settings = ["model", "dimension", "weighing"];
}
