using MassTransit;
using RagPlatform.Contracts.Retrieval;

namespace RagPlatform.Ingestion.Features.TrackProgress;

public sealed class IndexReportConsumer(TrackProgressHandler handler) : IConsumer<DocumentsIndexed>, IConsumer<DocumentUnindexed>, IConsumer<DocumentLost>
{
    /// <summary>All documents of a message at once: the registry makes them durable together.</summary>
    public Task Consume(ConsumeContext<DocumentsIndexed> context) =>
        Task.WhenAll(context.Message.Documents.Select(async indexed =>
        {
            using var span = ReportTrace.Continue("document indexed", indexed.TraceParent, indexed.Document, indexed.Version);
            await handler.IndexedAsync(indexed.Document, indexed.Version, indexed.ChunkCount, context.CancellationToken);
        }));

    public Task Consume(ConsumeContext<DocumentLost> context) =>
        handler.LostAsync(context.Message.Document, context.Message.Version, context.Message.Reason, context.CancellationToken);

    public Task Consume(ConsumeContext<DocumentUnindexed> context) =>
        handler.UnindexedAsync(context.Message.Document, context.Message.Version, context.CancellationToken);
}
