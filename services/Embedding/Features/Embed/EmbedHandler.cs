using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.Embed;

internal static class EmbedLimits
{
    public const int MaxTexts = 256;

    /// <summary>In UTF-16 code units.</summary>
    public const int MaxTextCharacters = 32_768;
}

internal sealed record EmbedAnswer(LoadedModel Model, EmbedResult Result);

internal sealed class EmbedHandler(ModelHost host, EmbedQueue queue)
{
    public async Task<EmbedAnswer> HandleAsync(string modelId, EmbedPriority priority, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        Check(texts);
        var model = host.Get(modelId);
        return new EmbedAnswer(model, await queue.EmbedAsync(model, texts, priority, refuseWhenFull: true, cancellationToken));
    }

    private static void Check(IReadOnlyList<string> texts)
    {
        if (texts.Count is 0 or > EmbedLimits.MaxTexts)
        {
            throw EmbeddingErrors.TextCount(texts.Count);
        }

        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length is 0 or > EmbedLimits.MaxTextCharacters)
            {
                throw EmbeddingErrors.TextLength(i, texts[i].Length);
            }
        }
    }
}
