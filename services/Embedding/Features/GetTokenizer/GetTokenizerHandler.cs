using System.Runtime.CompilerServices;
using RagPlatform.Embedding.Providers;
using RagPlatform.Embedding.Serving;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Features.GetTokenizer;

/// <param name="Kind">See <see cref="TokenizerKinds"/>.</param>
/// <param name="Vocabulary">A small vocab.txt; else empty.</param>
/// <param name="PassagePrefixTokens">That the model's prefix takes of a passage's room.</param>
internal sealed record TokenizerAnswer(
    string Model, string Kind, ReadOnlyMemory<byte> Vocabulary, bool LowerCase, int MaxTokens, int Dimension, int PassagePrefixTokens);

internal static class TokenizerKinds
{
    /// <summary>A BERT's vocab.txt.</summary>
    public const string WordPiece = "wordpiece";

    /// <summary>Hugging Face's tokenizer.json.</summary>
    public const string Json = "json";

    /// <summary>A provider's model, which shows no tokens: who cuts texts for it guesses.</summary>
    public const string None = "none";
}

/// <summary>How a model counts, for those who cut texts for it without its files.</summary>
internal sealed class GetTokenizerHandler(EmbeddingModels models, ModelHost host)
{
    /// <summary>Of a message; gRPC takes 4 MiB unless told otherwise.</summary>
    private const int MaxPartBytes = 1024 * 1024;

    /// <exception cref="Grpc.Errors.ServiceException">Unknown, not ready, or a model that makes no vectors.</exception>
    public async Task<TokenizerAnswer> DescribeAsync(string modelId, CancellationToken cancellationToken)
    {
        if (await models.GetAsync(modelId, cancellationToken) is RemoteModel remote)
        {
            return new TokenizerAnswer(
                remote.Id, TokenizerKinds.None, ReadOnlyMemory<byte>.Empty, LowerCase: false, remote.MaxTokens, remote.Dimension, remote.PassagePrefixTokens);
        }

        var model = host.Get(modelId).RequireEncoder();
        var embedder = model.Embedder;
        var wordPiece = embedder.Tokenizer as WordPieceTokenizer;
        return new TokenizerAnswer(
            model.Id, wordPiece is null ? TokenizerKinds.Json : TokenizerKinds.WordPiece,
            wordPiece is null ? ReadOnlyMemory<byte>.Empty : await ReadSmallAsync(model, cancellationToken),
            wordPiece is { LowerCase: true }, embedder.MaxTokens, embedder.Dimension, embedder.Tokenizer.Count(embedder.PrefixOf(TextKind.Passage)));
    }

    /// <summary>The tokenizer's file in parts of at most 1 MiB.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">Unknown, not ready, or a model that makes no vectors.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string modelId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await models.GetAsync(modelId, cancellationToken) is RemoteModel remote)
        {
            throw EmbeddingErrors.TokenizerUnknown(remote.Id);
        }

        await using var file = Open(host.Get(modelId).RequireEncoder());
        while (true)
        {
            var part = new byte[MaxPartBytes];
            var read = await file.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
            {
                yield break;
            }

            yield return part.AsMemory(0, read);
        }
    }

    /// <summary>Empty where it is beyond a message.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadSmallAsync(LoadedEncoder model, CancellationToken cancellationToken)
    {
        await using var file = Open(model);
        if (file.Length > MaxPartBytes)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    private static Stream Open(LoadedEncoder model) => model.Folder.Open(model.Embedder.Tokenizer is WordPieceTokenizer ? "vocab.txt" : "tokenizer.json");
}
