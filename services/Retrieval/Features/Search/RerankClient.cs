using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.Search;

/// <summary>How a search is reranked.</summary>
/// <param name="Candidates">Hits that the model reads, at least as many as are wanted.</param>
internal sealed record Reranking(string Model, int Candidates)
{
    /// <summary>As the search asks for, else as its collection does; null for not at all.</summary>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">It is asked for beside diversity, whose order it would undo.</exception>
    public static Reranking? Of(SearchCommand command, SearchDefaults defaults)
    {
        if ((command.RerankModel ?? defaults.RerankModel) is not { Length: > 0 } model)
        {
            return null;
        }

        return command.Diversity is null
            ? new Reranking(model, Math.Max(command.TopK, command.RerankCandidates ?? defaults.RerankCandidates ?? SearchCommand.DefaultRerankCandidates))
            : throw RetrievalErrors.RerankedAndDiverse(model);
    }
}

/// <summary>Hits in the order of a model that reads each with the query.</summary>
internal sealed class RerankClient(EmbeddingService.EmbeddingServiceClient client, ModelPatience patience)
{
    /// <returns>The best first; of equals the one that stood before.</returns>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The embedding service failed, has no such reranker, or answered with no scores.</exception>
    public async Task<(IReadOnlyList<FoundHit> Hits, TimeSpan InModel)> RerankAsync(
        string model, string query, IReadOnlyList<FoundHit> hits, CancellationToken cancellationToken)
    {
        var request = new RerankRequest { Model = model, Query = query, Passages = { hits.Select(ToPassage) } };
        var response = await patience.CallAsync(() => client.RerankAsync(request, cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
        var scores = response.Scores.Where(score => double.IsFinite(score.Logit) && double.IsFinite(score.Probability)).ToArray();
        if (scores.Length != hits.Count)
        {
            throw RetrievalErrors.RerankMismatch(model, hits.Count, scores.Length);
        }

        var reranked = hits.Select((found, i) => found with
        {
            Rerank = new HitRerank(model, scores[i].Logit, scores[i].Probability, i + 1, scores[i].UnseenQueryTokens + scores[i].UnseenPassageTokens),
        });
        return ([.. reranked.OrderByDescending(found => found.Rerank!.Logit)], TimeSpan.FromMilliseconds(response.ModelMilliseconds));
    }

    private static Passage ToPassage(FoundHit found) => new()
    {
        Title = found.Hit.Document.Title, HeadingPath = { found.Hit.Chunk.HeadingPath }, Text = found.Hit.Chunk.Text,
    };
}
