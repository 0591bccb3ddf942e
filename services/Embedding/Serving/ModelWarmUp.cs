using RagPlatform.Embedding.Models;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>
/// Embeds what the service will have to embed, a longest text and full slices of short ones, so that the first callers do
/// not pay for compiled code and memory that is not there yet.
/// </summary>
internal static class ModelWarmUp
{
    private const int Rounds = 3;
    private const int ShortTextTokens = 64;

    public static LoadedModel LoadWarm(ModelFolder folder, EmbeddingOptions options, CancellationToken cancellationToken)
    {
        var model = LoadedModel.Load(folder, cancellationToken);
        var longest = Text(model.Embedder, Math.Min(model.MaxTokens, options.BatchTokens));
        var slice = Enumerable.Repeat(Text(model.Embedder, ShortTextTokens), Math.Max(1, options.BatchTokens / ShortTextTokens)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            model.Embedder.Embed([longest], options.Threads, cancellationToken);
            model.Embedder.Embed(slice, options.Threads, cancellationToken);
        }

        return model;
    }

    /// <summary>About so many tokens.</summary>
    private static EncodedText Text(ITextEmbedder embedder, int tokens) =>
        embedder.Encode(string.Join(' ', Enumerable.Repeat("a", tokens)), TextKind.Passage);
}
