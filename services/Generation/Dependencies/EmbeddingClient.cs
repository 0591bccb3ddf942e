using System.Runtime.InteropServices;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Generation.Dependencies;

/// <summary>
/// Asks the embedding service, in two calls at once: models such as e5 and bge read questions and passages differently,
/// and one call holds texts of one kind.
/// </summary>
internal sealed class EmbeddingClient(EmbeddingService.EmbeddingServiceClient client) : ITextEmbedder
{
    public async Task<TextSimilarities> CompareAsync(string question, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var asked = EmbedAsync(EmbedKind.Query, [question], cancellationToken);
        var read = EmbedAsync(EmbedKind.Passage, texts, cancellationToken);
        await Task.WhenAll(asked, read);
        var query = Vector((await asked).Embeddings[0]);
        var response = await read;
        var cosines = response.Embeddings.Select(embedding => Cosine(query.Span, Vector(embedding).Span)).ToArray();
        return new TextSimilarities(cosines, Math.Max((await asked).ModelMilliseconds, response.ModelMilliseconds));
    }

    private async Task<EmbedResponse> EmbedAsync(EmbedKind kind, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var response = await client.EmbedAsync(new EmbedRequest { Kind = kind, Texts = { texts } }, cancellationToken: cancellationToken);
        return response.Embeddings.Count == texts.Count
            ? response
            : throw new InvalidOperationException($"The embedding service returned {response.Embeddings.Count} vectors for {texts.Count} texts.");
    }

    /// <summary>Of unit length and little-endian, as the contract says.</summary>
    private static ReadOnlyMemory<float> Vector(Protos.Embedding.V1.Embedding embedding) =>
        MemoryMarshal.Cast<byte, float>(embedding.Vector.Span).ToArray();

    private static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length)
        {
            throw new InvalidOperationException($"The embedding service returned vectors of {left.Length} and {right.Length} dimensions.");
        }

        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
