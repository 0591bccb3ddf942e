using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.Rerank;

internal static class RerankMapping
{
    public static RerankCommand ToCommand(this RerankRequest request) =>
        new(request.Model, request.Query, EmbedMapping.ToInput([], request.Passages).Passages);

    public static RerankResponse ToResponse(this RerankAnswer answer) => new()
    {
        Model = answer.Model,
        Scores =
        {
            answer.Scores.Select(score => new RerankScore
            {
                Logit = score.Logit,
                Probability = score.Probability,
                Tokens = score.Tokens,
                UnseenQueryTokens = score.UnseenQueryTokens,
                UnseenPassageTokens = score.UnseenPassageTokens,
            }),
        },
        QueueMilliseconds = answer.QueueMilliseconds,
        ModelMilliseconds = answer.ModelMilliseconds,
    };
}
