using System.Diagnostics;
using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Features.Rerank;

/// <param name="Model">A reranker; there is no default.</param>
/// <param name="Passages">Read with title and headings as far as there is room beside their text.</param>
internal sealed record RerankCommand(string Model, string Query, IReadOnlyList<EmbedPassage> Passages);

/// <param name="Scores">In the order of the passages.</param>
internal sealed record RerankAnswer(string Model, PairScore[] Scores, double QueueMilliseconds, double ModelMilliseconds);

/// <summary>Scores passages for a query, in the reranker's own queue: among its callers in turn, beside other models on the same threads.</summary>
internal sealed class RerankHandler(ModelHost host, ModelQueues queues)
{
    /// <exception cref="Grpc.Errors.ServiceException">Malformed, no reranker, not ready, or too much is waiting.</exception>
    public async Task<RerankAnswer> HandleAsync(RerankCommand command, CancellationToken cancellationToken)
    {
        RerankValidation.Check(command);
        var model = host.Get(command.Model).RequireReranker();
        using var span = EmbeddingTelemetry.StartRerank(model.Id, command.Passages.Count);
        try
        {
            var pairs = model.Reranker.Encode(command.Query, Compose(command, model.Reranker), cancellationToken);
            var result = await queues.Of(model.Computation).RunAsync(pairs, JobPriority.Query, refuseWhenFull: true, cancellationToken);
            EmbeddingTelemetry.Reranked(span, model.Id, result);
            return new RerankAnswer(model.Id, result.Outputs, result.QueueMilliseconds, result.ModelMilliseconds);
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    private static string[] Compose(RerankCommand command, CrossEncoder reranker)
    {
        var room = reranker.RoomForPassage(command.Query);
        return [.. command.Passages.Select(passage => PassageText.Compose(
            passage.Title, passage.HeadingPath, passage.Text, room - reranker.Tokenizer.Count(passage.Text), context => reranker.Tokenizer.Count(context)))];
    }
}
