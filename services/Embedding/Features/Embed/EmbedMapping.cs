using Google.Protobuf;
using RagPlatform.Embedding.Serving;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.Embed;

internal static class EmbedMapping
{
    public static JobPriority ToPriority(this EmbedKind kind) => kind switch
    {
        EmbedKind.Query => JobPriority.Query,
        EmbedKind.Passage => JobPriority.Passage,
        _ => throw EmbeddingErrors.KindMissing((int)kind),
    };

    public static EmbedInput ToInput(this EmbedRequest request) =>
        new(request.Texts, [.. request.Passages.Select(passage => new EmbedPassage(passage.Title, passage.HeadingPath, passage.Text))]);

    public static EmbedResponse ToResponse(this EmbedAnswer answer) => new()
    {
        Model = answer.Model.Id,
        Dimension = answer.Model.Dimension,
        QueueMilliseconds = answer.Result.QueueMilliseconds,
        ModelMilliseconds = answer.Result.ModelMilliseconds,
        Embeddings =
        {
            answer.Result.Outputs.Select(embedding => new Protos.Embedding.V1.Embedding
            {
                Vector = UnsafeByteOperations.UnsafeWrap(VectorBytes.From(embedding.Vector)),
                Tokens = embedding.Tokens,
                UnseenTokens = embedding.UnseenTokens,
            }),
        },
    };
}
