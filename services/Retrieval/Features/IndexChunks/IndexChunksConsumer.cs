using MassTransit;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Retrieval;
using RagPlatform.ServiceDefaults;

namespace RagPlatform.Retrieval.Features.IndexChunks;

internal sealed class IndexChunksConsumer(IndexChunksHandler handler, ReportPublisher<DocumentIndexed, DocumentsIndexed> reports) : IConsumer<ChunksEmbedded>
{
    public async Task Consume(ConsumeContext<ChunksEmbedded> context)
    {
        if (await handler.HandleAsync(context.Message, context.CancellationToken) is { } indexed)
        {
            await reports.PublishAsync(indexed, context.CancellationToken);
        }
    }
}
