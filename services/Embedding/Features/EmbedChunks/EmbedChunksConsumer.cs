using MassTransit;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Embedding.Features.EmbedChunks;

internal sealed class EmbedChunksConsumer(EmbedChunksHandler handler) : IConsumer<ChunksPrepared>
{
    public async Task Consume(ConsumeContext<ChunksPrepared> context) =>
        await context.Publish(await handler.HandleAsync(context.Message, context.CancellationToken), context.CancellationToken);
}
