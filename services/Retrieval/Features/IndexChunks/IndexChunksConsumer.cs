using MassTransit;
using RagPlatform.Contracts.Embedding;

namespace RagPlatform.Retrieval.Features.IndexChunks;

internal sealed class IndexChunksConsumer(IndexChunksHandler handler) : IConsumer<ChunksEmbedded>
{
    public async Task Consume(ConsumeContext<ChunksEmbedded> context)
    {
        if (await handler.HandleAsync(context.Message, context.CancellationToken) is { } indexed)
        {
            await context.Publish(indexed, context.CancellationToken);
        }
    }
}
