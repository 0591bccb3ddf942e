using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Tokenization;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>Fetches a model's vocabulary from the embedding service, once per model and process.</summary>
public sealed class TokenizerClient(EmbeddingService.EmbeddingServiceClient embedding)
{
    private const string WordPiece = "wordpiece";
    private readonly ConcurrentDictionary<string, EmbeddingTokenizer> _byModel = new();

    /// <param name="model">The embedding service's default when empty.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ServiceException">The embedding service is down, or has no such model or not yet.</exception>
    public async Task<EmbeddingTokenizer> GetAsync(string model, CancellationToken cancellationToken)
    {
        if (_byModel.TryGetValue(model, out var known))
        {
            return known;
        }

        var response = await embedding.GetTokenizerAsync(new GetTokenizerRequest { Model = model }, cancellationToken: cancellationToken);
        if (response.Kind != WordPiece)
        {
            throw new ServiceException(FailureKind.FailedPrecondition, "TOKENIZER_UNKNOWN", $"kind: the model {response.Model} has a '{response.Kind}' tokenizer; known is {WordPiece}.")
            {
                Remedy = "Set Ingestion:EmbeddingModel to a model with a WordPiece vocabulary.",
            };
        }

        using var vocabulary = new StringReader(Encoding.UTF8.GetString(response.Vocabulary.Span));
        return _byModel[model] = new EmbeddingTokenizer(response.Model, WordPieceTokenizer.FromVocabulary(vocabulary, response.LowerCase), response.MaxTokens, HashOf(response));
    }

    private static string HashOf(GetTokenizerResponse response) =>
        $"{response.Kind} {response.LowerCase} {Convert.ToHexStringLower(SHA256.HashData(response.Vocabulary.Span))}";
}
