using MassTransit;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Retrieval.Features.DeleteDocument;

internal sealed class DeleteDocumentConsumer(DeleteDocumentHandler handler) : IConsumer<DocumentDeletionRequested>
{
    public async Task Consume(ConsumeContext<DocumentDeletionRequested> context)
    {
        if (await handler.HandleAsync(context.Message, context.CancellationToken) is { } unindexed)
        {
            await context.Publish(unindexed, context.CancellationToken);
        }
    }
}
