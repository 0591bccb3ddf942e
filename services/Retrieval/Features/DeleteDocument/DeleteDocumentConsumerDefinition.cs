using Microsoft.Extensions.Options;

namespace RagPlatform.Retrieval.Features.DeleteDocument;

internal sealed class DeleteDocumentConsumerDefinition(IOptions<RetrievalOptions> options)
    : RetrievalConsumerDefinition<DeleteDocumentConsumer>("retrieval-document-deletion-requested", options);
