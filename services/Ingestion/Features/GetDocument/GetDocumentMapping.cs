using Google.Protobuf.WellKnownTypes;
using RagPlatform.Documents;
using RagPlatform.Protos.Ingestion.V1;
using Proto = RagPlatform.Protos.Ingestion.V1;
using Registered = RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.GetDocument;

/// <summary>A document and its log in proto, for every RPC that answers with them.</summary>
internal static class GetDocumentMapping
{
    public static GetDocumentResponse ToResponse(
        this (Registered.DocumentVersion Document, DocumentDescription? Description, IReadOnlyList<Registered.DocumentEvent> Events) found)
    {
        var document = found.Document.ToProto();
        document.Properties = found.Description?.ToProto();
        return new GetDocumentResponse { Document = document, Events = { found.Events.Select(ToProto) } };
    }

    public static Document ToProto(this Registered.DocumentVersion version) => new()
    {
        Collection = version.Key.Collection,
        Id = version.Key.DocumentId,
        Version = version.Version,
        State = (DocumentState)version.State,
        Failure = version.Failure?.ToProto(),
        Title = version.Title,
        Uri = version.Uri,
        ContentType = version.ContentType,
        ContentHash = version.ContentHash,
        ContentBytes = version.ContentBytes,
        TextCharacters = version.TextCharacters,
        ChunkCount = version.ChunkCount,
        IndexedVersion = version.IndexedVersion,
        Metadata = { version.Metadata.ToDictionary() },
        CreatedAt = version.DocumentCreatedAt.ToTimestamp(),
        UpdatedAt = version.UpdatedAt.ToTimestamp(),
        BatchId = version.BatchId,
    };

    public static DocumentEvent ToProto(this Registered.DocumentEvent entry) => new()
    {
        Sequence = entry.Sequence,
        Version = entry.Version,
        State = (DocumentState)entry.State,
        Failure = entry.Failure?.ToProto(),
        Detail = entry.Detail,
        OccurredAt = entry.OccurredAt.ToTimestamp(),
        TraceId = entry.TraceId,
    };

    private static Proto.DocumentProperties ToProto(this DocumentDescription description) => new()
    {
        Language = description.Properties.Language,
        Author = description.Properties.Author,
        AuthoredAt = description.Properties.CreatedAt?.ToTimestamp(),
        ModifiedAt = description.Properties.ModifiedAt?.ToTimestamp(),
        PageCount = description.Properties.PageCount,
        Metadata = { description.Properties.Metadata.ToDictionary() },
        Warnings = { description.Warnings },
    };

    private static DocumentFailure ToProto(this Registered.DocumentFailure failure) =>
        new() { Step = failure.Step, Code = failure.Code, Reason = failure.Reason, Remedy = failure.Remedy, Attempts = failure.Attempts };
}
