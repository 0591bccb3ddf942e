using MassTransit;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.TrackProgress;

/// <summary>What any service's consumer gave up on becomes the document's failure, with the reason.</summary>
public sealed class FaultConsumer(TrackProgressHandler handler)
    : IConsumer<Fault<ChunksPrepared>>, IConsumer<Fault<ChunksEmbedded>>, IConsumer<Fault<DocumentDeletionRequested>>
{
    public Task Consume(ConsumeContext<Fault<ChunksPrepared>> context) =>
        FailAsync(context, context.Message.Message.Document, context.Message.Message.Version, DocumentState.Embedding);

    public Task Consume(ConsumeContext<Fault<ChunksEmbedded>> context) =>
        FailAsync(context, context.Message.Message.Document, context.Message.Message.Version, DocumentState.Indexing);

    public Task Consume(ConsumeContext<Fault<DocumentDeletionRequested>> context) =>
        FailAsync(context, context.Message.Message.Document, context.Message.Message.Version, DocumentState.Deleting);

    private Task FailAsync<T>(ConsumeContext<Fault<T>> context, DocumentKey key, long version, DocumentState step) =>
        handler.FailedAsync(key, version, step, context.Message.Exceptions is [var first, ..] ? first.Message : "The consumer gave no reason.", context.CancellationToken);
}
