using System.Diagnostics;
using RagPlatform.Embedding.Cache;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <param name="Embeddings">In the order of the texts.</param>
/// <param name="Tokens">Read by the model for this request; those of remembered texts are not.</param>
/// <param name="CachedTexts">Texts whose vector was remembered.</param>
/// <param name="QueueMilliseconds">Waited, for the model and between slices.</param>
/// <param name="ModelMilliseconds">Computed.</param>
internal sealed record EmbedResult(IReadOnlyList<TextEmbedding> Embeddings, long Tokens, int CachedTexts, double QueueMilliseconds, double ModelMilliseconds);

/// <summary>Passages' vectors from the cache where they are there; the rest, and every query, from the model.</summary>
internal sealed class RememberingEmbedder(VectorCache cache)
{
    /// <inheritdoc cref="IEmbeddingModel.EmbedAsync"/>
    public async Task<EmbedResult> EmbedAsync(
        IEmbeddingModel model, IReadOnlyList<string> texts, JobPriority priority, bool refuseWhenFull, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var span = EmbeddingTelemetry.StartEmbed(model, priority, texts.Count);
        try
        {
            var result = priority is JobPriority.Passage && model.Fingerprint is { } fingerprint
                ? await EmbedAsync(model, texts, [.. texts.Select(text => VectorKey.OfPassage(fingerprint, text))], refuseWhenFull, cancellationToken)
                : Computed(await model.EmbedAsync(texts, priority, refuseWhenFull, cancellationToken));
            EmbeddingTelemetry.Embedded(span, model, priority, result);
            return result;
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    private async Task<EmbedResult> EmbedAsync(
        IEmbeddingModel model, IReadOnlyList<string> texts, VectorKey[] keys, bool refuseWhenFull, CancellationToken cancellationToken)
    {
        var embeddings = cache.Find(keys);
        var missing = Enumerable.Range(0, keys.Length).Where(i => embeddings[i] is null).ToArray();
        if (missing.Length == 0)
        {
            return new EmbedResult(embeddings!, 0, embeddings.Length, 0, 0);
        }

        var answer = await model.EmbedAsync([.. missing.Select(i => texts[i])], JobPriority.Passage, refuseWhenFull, cancellationToken);
        foreach (var (i, embedding) in missing.Zip(answer.Embeddings))
        {
            embeddings[i] = embedding;
            cache.Add(keys[i], embedding);
        }

        return Computed(answer) with { Embeddings = embeddings!, CachedTexts = keys.Length - missing.Length };
    }

    private static EmbedResult Computed(ModelAnswer answer) => new(answer.Embeddings, answer.Tokens, 0, answer.QueueMilliseconds, answer.ModelMilliseconds);
}
