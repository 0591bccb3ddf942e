using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.EmbedDocuments;

/// <summary>Vectors of chunks, made as those on the bus are: from title, heading path and text.</summary>
internal sealed class PassageEmbeddingClient(EmbeddingService.EmbeddingServiceClient client, ModelPatience patience)
{
    /// <summary>Passages in one call.</summary>
    public const int BatchSize = 64;

    /// <summary>What an index of the model's vectors is made for. Waits while the model is being loaded.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">The model is missing, or the embedding service failed.</exception>
    public async Task<IndexSettings> FindSettingsAsync(string model, CancellationToken cancellationToken)
    {
        var request = new EmbedRequest { Model = model, Kind = EmbedKind.Passage, Passages = { new Passage { Text = "dimension" } } };
        var response = await patience.CallAsync(() => client.EmbedAsync(request, cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
        return new IndexSettings(response.Model, response.Dimension);
    }

    /// <param name="chunks">At most <see cref="BatchSize"/>, each with its document's title.</param>
    /// <param name="settings">The model and the dimension that its vectors must have.</param>
    /// <returns>In the order of the chunks.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">The embedding service failed, or answered with no unit vectors of that dimension.</exception>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(
        IReadOnlyList<(string Title, IndexedChunk Chunk)> chunks, IndexSettings settings, CancellationToken cancellationToken)
    {
        var request = new EmbedRequest { Model = settings.Model, Kind = EmbedKind.Passage };
        request.Passages.AddRange(chunks.Select(passage => new Passage { Title = passage.Title, HeadingPath = { passage.Chunk.HeadingPath }, Text = passage.Chunk.Text }));
        var response = await client.EmbedAsync(request, cancellationToken: cancellationToken);
        if (response.Embeddings.Count != chunks.Count)
        {
            throw RetrievalErrors.EmbeddingMismatch(response.Model, $"comes with {response.Embeddings.Count - 1} others for {chunks.Count} passages");
        }

        return [.. response.Embeddings.Select(embedding => Read(embedding.Vector.Span, settings.Dimension, response.Model))];
    }

    private static float[] Read(ReadOnlySpan<byte> bytes, int dimension, string model) =>
        UnitVector.Fault(bytes, dimension) is { } fault ? throw RetrievalErrors.EmbeddingMismatch(model, fault) : UnitVector.Read(bytes);
}
