using Microsoft.Extensions.Options;

namespace RagPlatform.Retrieval.Features.IndexChunks;

internal sealed class IndexChunksConsumerDefinition(IOptions<RetrievalOptions> options)
    : RetrievalConsumerDefinition<IndexChunksConsumer>("retrieval-chunks-embedded", options);
