using MassTransit;
using RagPlatform.Contracts.Embedding;

namespace RagPlatform.Ingestion.Features.TrackProgress;

public sealed class ChunksEmbeddedConsumer(TrackProgressHandler handler) : IConsumer<ChunksEmbedded>
{
    public Task Consume(ConsumeContext<ChunksEmbedded> context) =>
        handler.EmbeddedAsync(context.Message.Document, context.Message.Version, context.Message.BatchIndex, context.Message.BatchCount, context.CancellationToken);
}
