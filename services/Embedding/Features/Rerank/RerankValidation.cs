using RagPlatform.Embedding.Features.Embed;

namespace RagPlatform.Embedding.Features.Rerank;

internal static class RerankValidation
{
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field, its value and the limit.</exception>
    public static void Check(RerankCommand command)
    {
        if (command.Model.Length == 0)
        {
            throw EmbeddingErrors.RerankModelMissing();
        }

        if (command.Query.Length is 0 or > EmbedLimits.MaxTextCharacters)
        {
            throw EmbeddingErrors.TextLength("query", command.Query.Length);
        }

        if (command.Passages.Count is 0 or > EmbedLimits.MaxTexts)
        {
            throw EmbeddingErrors.TextCount("passages", command.Passages.Count);
        }

        if (Array.Find(EmbedValidation.FindFaults(new EmbedInput([], command.Passages)), fault => fault is not null) is { } first)
        {
            throw first;
        }
    }
}
