using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.Search;

/// <summary>The query's vector, from the model that made the collection's.</summary>
internal sealed class QueryEmbeddingClient(EmbeddingService.EmbeddingServiceClient client, ModelPatience patience)
{
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The embedding service failed, or answered with no unit vector of that dimension.</exception>
    public async Task<(float[] Vector, TimeSpan InModel)> EmbedAsync(string query, string model, int dimension, CancellationToken cancellationToken)
    {
        var request = new EmbedRequest { Model = model, Kind = EmbedKind.Query, Texts = { query } };
        var response = await patience.CallAsync(() => client.EmbedAsync(request, cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
        var bytes = response.Embeddings.Count == 1 ? response.Embeddings[0].Vector.Memory : default;
        return UnitVector.Fault(bytes.Span, dimension) is { } fault
            ? throw RetrievalErrors.EmbeddingMismatch(response.Model, fault)
            : (UnitVector.Read(bytes.Span), TimeSpan.FromMilliseconds(response.ModelMilliseconds));
    }
}
