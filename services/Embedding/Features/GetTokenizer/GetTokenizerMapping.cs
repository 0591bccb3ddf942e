using Google.Protobuf;
using RagPlatform.Embedding.Serving;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Tokenization;

namespace RagPlatform.Embedding.Features.GetTokenizer;

internal static class GetTokenizerMapping
{
    private const string WordPiece = "wordpiece";

    public static async Task<GetTokenizerResponse> ToTokenizerResponseAsync(this LoadedModel model, CancellationToken cancellationToken)
    {
        await using var vocabulary = model.Folder.Open("vocab.txt");
        return new GetTokenizerResponse
        {
            Model = model.Id,
            Kind = WordPiece,
            Vocabulary = await ByteString.FromStreamAsync(vocabulary, cancellationToken),
            LowerCase = model.Embedder.Tokenizer is WordPieceTokenizer { LowerCase: true },
            MaxTokens = model.MaxTokens,
            Dimension = model.Dimension,
        };
    }
}
