using MassTransit;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.TrackProgress;

/// <summary>What any service's consumer gave up on becomes the document's failure, with the reason; what passes by itself is waited for.</summary>
public sealed class FaultConsumer(TrackProgressHandler handler)
    : IConsumer<Fault<ChunksPrepared>>, IConsumer<Fault<ChunksEmbedded>>, IConsumer<Fault<DocumentDeletionRequested>>
{
    public Task Consume(ConsumeContext<Fault<ChunksPrepared>> context) =>
        FailAsync(context, context.Message.Message.Document, context.Message.Message.Version, DocumentState.Embedding);

    public Task Consume(ConsumeContext<Fault<ChunksEmbedded>> context) =>
        FailAsync(context, context.Message.Message.Document, context.Message.Message.Version, DocumentState.Indexing);

    public Task Consume(ConsumeContext<Fault<DocumentDeletionRequested>> context) =>
        FailAsync(context, context.Message.Message.Document, context.Message.Message.Version, DocumentState.Deleting);

    private Task FailAsync<T>(ConsumeContext<Fault<T>> context, DocumentKey key, long version, DocumentState step)
    {
        var first = context.Message.Exceptions.FirstOrDefault();
        var reason = first?.Message ?? "The consumer gave no reason.";
        return first is not null && Passes(first)
            ? handler.PostponedAsync(key, version, step, reason, context.CancellationToken)
            : handler.FailedAsync(key, version, step, reason, context.CancellationToken);
    }

    /// <summary>A failure of the machine or of a neighbour, not of the document.</summary>
    private static bool Passes(ExceptionInfo exception) =>
        exception.Data?.TryGetValue(ServiceException.KindData, out var kind) == true
            ? kind.ToString() is nameof(FailureKind.Unavailable) or nameof(FailureKind.ResourceExhausted) or nameof(FailureKind.DeadlineExceeded)
            : exception.ExceptionType is "System.IO.IOException" or "System.TimeoutException" or "Microsoft.Data.Sqlite.SqliteException";
}
