using RagPlatform.Contracts;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>Why a drop cannot be taken. The closed set of what its parser throws.</summary>
/// <param name="code">Stable, for programs, UPPER_SNAKE_CASE.</param>
/// <param name="field">The JSON field at fault; "body" for the whole.</param>
/// <param name="problem">The value and the limit.</param>
/// <param name="remedy">What to do about it.</param>
public sealed class DropRejectedException(string code, string field, string problem, string remedy) : Exception($"{field}: {problem}")
{
    public string Code { get; } = code;

    public string Field { get; } = field;

    public string Remedy { get; } = remedy;

    /// <summary>Whose drop it is, where that could be told: the failure is then that document's.</summary>
    public DocumentKey? Document { get; init; }

    /// <summary>Whose drop it is; empty where that could not be told.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>That the drop was put under; empty for none, or where it could not be read.</summary>
    public string BatchId { get; init; } = "";

    public DropRejectedException For(string tenant, DocumentKey? document = null, string batchId = "") =>
        new(Code, Field, problem, Remedy) { Tenant = tenant, Document = document, BatchId = batchId };

    public DocumentFailure ToFailure() => new(DocumentState.Received.Name(), Code, Message, Remedy);

    /// <summary>What the registry refuses of a drop, with the field as the drop spells it.</summary>
    public static DropRejectedException From(ServiceException refusal, string contentField)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var field = refusal.Field switch
        {
            null => "body",
            "content" => contentField,
            "content_type" => "contentType",
            "batch_id" => "batch",
            var other => other,
        };
        var problem = refusal.Field is { } prefix && refusal.Message.StartsWith($"{prefix}: ", StringComparison.Ordinal)
            ? refusal.Message[(prefix.Length + 2)..]
            : refusal.Message;
        return new DropRejectedException(refusal.Code, field, problem, refusal.Remedy ?? "Mend the drop and send it again.");
    }
}
