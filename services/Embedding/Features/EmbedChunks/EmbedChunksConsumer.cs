using System.Diagnostics;
using MassTransit;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.ServiceDefaults;

namespace RagPlatform.Embedding.Features.EmbedChunks;

internal sealed class EmbedChunksConsumer(EmbedChunksHandler handler, ReportPublisher<EmbeddedBatch, BatchesEmbedded> reports) : IConsumer<ChunksPrepared>
{
    public async Task Consume(ConsumeContext<ChunksPrepared> context)
    {
        var batch = context.Message;
        await context.Publish(await handler.HandleAsync(batch, context.CancellationToken), context.CancellationToken);
        await reports.PublishAsync(
            new EmbeddedBatch(batch.Document, batch.Version, batch.BatchIndex, batch.BatchCount, Activity.Current?.Id), context.CancellationToken);
    }
}
