using System.Buffers.Binary;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Retrieval.Features.Search;

/// <summary>The query's vector, from the model that made the collection's.</summary>
internal sealed class QueryEmbeddingClient(EmbeddingService.EmbeddingServiceClient client)
{
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The embedding service failed, or answered with another dimension.</exception>
    public async Task<(float[] Vector, TimeSpan InModel)> EmbedAsync(string query, string model, int dimension, CancellationToken cancellationToken)
    {
        var request = new EmbedRequest { Model = model, Kind = EmbedKind.Query, Texts = { query } };
        var response = await client.EmbedAsync(request, cancellationToken: cancellationToken);
        var bytes = response.Embeddings.Count == 1 ? response.Embeddings[0].Vector.Memory : default;
        if (bytes.Length != dimension * sizeof(float))
        {
            throw RetrievalErrors.EmbeddingMismatch(response.Model, dimension * sizeof(float), bytes.Length);
        }

        var vector = new float[dimension];
        for (var i = 0; i < dimension; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.Span[(i * sizeof(float))..]);
        }

        return (vector, TimeSpan.FromMilliseconds(response.ModelMilliseconds));
    }
}
