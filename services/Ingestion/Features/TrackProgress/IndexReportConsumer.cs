using MassTransit;
using RagPlatform.Contracts.Retrieval;

namespace RagPlatform.Ingestion.Features.TrackProgress;

public sealed class IndexReportConsumer(TrackProgressHandler handler) : IConsumer<DocumentIndexed>, IConsumer<DocumentUnindexed>, IConsumer<DocumentLost>
{
    public Task Consume(ConsumeContext<DocumentIndexed> context) =>
        handler.IndexedAsync(context.Message.Document, context.Message.Version, context.Message.ChunkCount, context.CancellationToken);

    public Task Consume(ConsumeContext<DocumentLost> context) =>
        handler.LostAsync(context.Message.Document, context.Message.Version, context.Message.Reason, context.CancellationToken);

    public Task Consume(ConsumeContext<DocumentUnindexed> context) =>
        handler.UnindexedAsync(context.Message.Document, context.Message.Version, context.CancellationToken);
}
