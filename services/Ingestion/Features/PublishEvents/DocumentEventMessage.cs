using System.Text.Json;
using System.Text.Json.Serialization;
using RagPlatform.Ingestion.Features.DropDocuments;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.PublishEvents;

/// <summary>A result as foreign clients read it on the exchange "rag.events"; plain JSON, fields without a value left out.</summary>
public sealed record DocumentEventMessage
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>"document.indexed", "document.failed" or "document.deleted"; also the routing key.</summary>
    public required string Type { get; init; }
    public string? Tenant { get; init; }
    public string? Collection { get; init; }
    public string? Id { get; init; }
    public long? Version { get; init; }
    public string? ContentHash { get; init; }
    public int? ChunkCount { get; init; }
    /// <summary>That the version was put under.</summary>
    public string? Batch { get; init; }
    public string? Step { get; init; }
    public string? Code { get; init; }
    public string? Reason { get; init; }
    public string? Remedy { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public string? TraceId { get; init; }

    public static DocumentEventMessage From(DocumentEvent entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new()
        {
            Type = $"document.{entry.State.Name()}",
            Tenant = entry.Key.Tenant,
            Collection = entry.Key.Collection,
            Id = entry.Key.DocumentId,
            Version = entry.Version,
            ContentHash = entry.ContentHash.Length > 0 ? entry.ContentHash : null,
            ChunkCount = entry.State is DocumentState.Indexed ? entry.ChunkCount : null,
            Batch = entry.BatchId.Length > 0 ? entry.BatchId : null,
            Step = entry.Failure?.Step,
            Code = entry.Failure?.Code,
            Reason = entry.Failure?.Reason,
            Remedy = entry.Failure?.Remedy,
            OccurredAt = entry.OccurredAt,
            TraceId = entry.TraceId.Length > 0 ? entry.TraceId : null,
        };
    }

    /// <summary>For a drop that no document can be told for.</summary>
    public static DocumentEventMessage From(DropRejectedException rejection, DateTimeOffset occurredAt, string? traceId)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        var failure = rejection.ToFailure().Bounded();
        return new()
        {
            Type = $"document.{DocumentState.Failed.Name()}",
            Step = failure.Step,
            Code = failure.Code,
            Reason = failure.Reason,
            Remedy = failure.Remedy,
            OccurredAt = occurredAt,
            TraceId = traceId,
        };
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
