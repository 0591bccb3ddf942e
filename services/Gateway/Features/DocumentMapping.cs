using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features;

/// <summary>A document and its events as the registry and as the public API write them; field by field the same.</summary>
internal static class DocumentMapping
{
    public static V1.Document ToGateway(this Downstream.Document document) => new()
    {
        Collection = document.Collection,
        Id = document.Id,
        Version = document.Version,
        State = (V1.DocumentState)document.State,
        Failure = document.Failure.ToGateway(),
        Title = document.Title,
        Uri = document.Uri,
        ContentType = document.ContentType,
        ContentHash = document.ContentHash,
        ContentBytes = document.ContentBytes,
        TextCharacters = document.TextCharacters,
        ChunkCount = document.ChunkCount,
        IndexedVersion = document.IndexedVersion,
        Metadata = { document.Metadata },
        CreatedAt = document.CreatedAt,
        UpdatedAt = document.UpdatedAt,
        BatchId = document.BatchId,
        Properties = document.Properties is { } properties ? new()
        {
            Language = properties.Language,
            Author = properties.Author,
            AuthoredAt = properties.AuthoredAt,
            ModifiedAt = properties.ModifiedAt,
            PageCount = properties.PageCount,
            Metadata = { properties.Metadata },
            Warnings = { properties.Warnings },
        } : null,
    };

    public static V1.DocumentEvent ToGateway(this Downstream.DocumentEvent entry) => new()
    {
        Sequence = entry.Sequence,
        Version = entry.Version,
        State = (V1.DocumentState)entry.State,
        Failure = entry.Failure.ToGateway(),
        Detail = entry.Detail,
        OccurredAt = entry.OccurredAt,
        TraceId = entry.TraceId,
    };

    public static V1.DocumentFailure? ToGateway(this Downstream.DocumentFailure? failure) => failure is null ? null : new()
    {
        Step = failure.Step,
        Code = failure.Code,
        Reason = failure.Reason,
        Remedy = failure.Remedy,
        Attempts = failure.Attempts,
    };
}
