using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

internal static class DocumentMapping
{
    public static V1.DocumentHeader ToRequest(this DocumentHeader header) => new()
    {
        Collection = header.Collection,
        Id = header.Id,
        Uri = header.Uri,
        Title = header.Title,
        ContentType = header.ContentType,
        Metadata = { header.Metadata.ToDictionary() },
        BatchId = header.BatchId,
    };

    public static PutResult ToResult(this V1.PutDocumentResponse response) => new(response.Document.ToDocument(), response.Unchanged);

    public static Document ToDocument(this V1.Document document) => new()
    {
        Collection = document.Collection,
        Id = document.Id,
        Version = document.Version,
        State = (DocumentState)document.State,
        Failure = document.Failure.ToFailure(),
        Title = document.Title,
        Uri = document.Uri,
        ContentType = document.ContentType,
        ContentHash = document.ContentHash,
        ContentBytes = document.ContentBytes,
        TextCharacters = document.TextCharacters,
        ChunkCount = document.ChunkCount,
        IndexedVersion = document.IndexedVersion,
        Metadata = document.Metadata,
        CreatedAt = document.CreatedAt?.ToDateTimeOffset(),
        UpdatedAt = document.UpdatedAt?.ToDateTimeOffset(),
        BatchId = document.BatchId,
        Properties = document.Properties is { } properties ? new DocumentProperties
        {
            Language = properties.Language,
            Author = properties.Author,
            AuthoredAt = properties.AuthoredAt?.ToDateTimeOffset(),
            ModifiedAt = properties.ModifiedAt?.ToDateTimeOffset(),
            PageCount = properties.PageCount,
            Metadata = properties.Metadata,
            Warnings = properties.Warnings,
        } : null,
    };

    public static DocumentEvent ToEvent(this V1.DocumentEvent entry) => new()
    {
        Sequence = entry.Sequence,
        Version = entry.Version,
        State = (DocumentState)entry.State,
        Failure = entry.Failure.ToFailure(),
        Detail = entry.Detail,
        OccurredAt = entry.OccurredAt?.ToDateTimeOffset(),
        TraceId = entry.TraceId,
    };

    internal static DocumentFailure? ToFailure(this V1.DocumentFailure? failure) =>
        failure is null ? null : new DocumentFailure(failure.Step, failure.Code, failure.Reason, failure.Remedy, failure.Attempts);
}
