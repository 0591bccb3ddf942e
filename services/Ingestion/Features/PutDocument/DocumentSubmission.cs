namespace RagPlatform.Ingestion.Features.PutDocument;

/// <summary>A document as somebody sent it; nothing in it has been checked. Empty strings mean "not given".</summary>
public sealed record DocumentSubmission
{
    public required string Tenant { get; init; }
    public required string Collection { get; init; }
    public string Id { get; init; } = "";
    public string Uri { get; init; } = "";
    public string Title { get; init; } = "";
    public string ContentType { get; init; } = "";
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
    /// <summary>That it is put under.</summary>
    public string BatchId { get; init; } = "";
    public ReadOnlyMemory<byte> Content { get; init; }
}
