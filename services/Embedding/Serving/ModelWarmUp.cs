using RagPlatform.Embedding.Models;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>
/// Computes what the service will have to compute, a longest text and full slices of short ones, so that the first callers do
/// not pay for compiled code and memory that is not there yet.
/// </summary>
internal static class ModelWarmUp
{
    private const int Rounds = 3;
    private const int ShortTextTokens = 64;

    public static LoadedModel LoadWarm(ModelFolder folder, EmbeddingOptions options, CancellationToken cancellationToken)
    {
        var model = LoadedModel.Load(folder, options.Precision, cancellationToken);
        switch (model)
        {
            case LoadedEncoder { Embedder: var embedder }:
                Run(text => embedder.Encode(text, TextKind.Passage), inputs => embedder.Embed(inputs, options.Threads, cancellationToken));
                break;
            case LoadedReranker { Reranker: var reranker }:
                Run(text => reranker.Encode("a", [text], cancellationToken)[0], inputs => reranker.Score(inputs, options.Threads, cancellationToken));
                break;
        }

        return model;

        void Run<TInput>(Func<string, TInput> encode, Action<TInput[]> compute)
        {
            var longest = encode(Text(Math.Min(model.MaxTokens, options.BatchTokens)));
            var slice = Enumerable.Repeat(encode(Text(ShortTextTokens)), Math.Max(1, options.BatchTokens / ShortTextTokens)).ToArray();
            for (var round = 0; round < Rounds; round++)
            {
                compute([longest]);
                compute(slice);
            }
        }
    }

    /// <summary>About so many tokens.</summary>
    private static string Text(int tokens) => string.Join(' ', Enumerable.Repeat("a", tokens));
}
