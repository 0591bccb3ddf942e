using Google.Protobuf;
using RagPlatform.Embedding.Serving;
using RagPlatform.Protos.Embedding.V1;

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
            LowerCase = model.Tokenizer.LowerCase,
            MaxTokens = model.MaxTokens,
            Dimension = model.Dimension,
        };
    }
}
