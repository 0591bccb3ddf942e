using MassTransit;
using RagPlatform.Contracts.Embedding;

namespace RagPlatform.Ingestion.Features.TrackProgress;

/// <summary>All batches of a message at once: the registry makes them durable together.</summary>
public sealed class BatchesEmbeddedConsumer(TrackProgressHandler handler) : IConsumer<BatchesEmbedded>
{
    public Task Consume(ConsumeContext<BatchesEmbedded> context) =>
        Task.WhenAll(context.Message.Batches.Select(async batch =>
        {
            using var span = ReportTrace.Continue("batch embedded", batch.TraceParent, batch.Document, batch.Version);
            await handler.EmbeddedAsync(batch.Document, batch.Version, batch.BatchIndex, batch.BatchCount, context.CancellationToken);
        }));
}
