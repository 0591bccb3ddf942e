using RagPlatform.Generation.Features.Answer;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Generation.Dependencies;

/// <summary>Asks the retrieval service.</summary>
internal sealed class RetrievalClient(RetrievalService.RetrievalServiceClient client) : ISourceFinder
{
    public async Task<FoundSources> FindAsync(AnswerQuestion question, CancellationToken cancellationToken)
    {
        var request = new SearchRequest
        {
            Tenant = question.Tenant,
            Collection = question.Collection,
            Query = question.Question,
            TopK = question.TopK,
            Filter = question.Filter is { } filter ? Filter.Parser.ParseFrom(filter.Span) : null,
        };
        var response = await client.SearchAsync(request, cancellationToken: cancellationToken);
        return new FoundSources([.. response.Hits.Select(ToSource)], response.EmbeddingMilliseconds, response.ModelMilliseconds)
        {
            Collection = response.Collection,
            RerankModelMilliseconds = response.RerankModelMilliseconds,
        };
    }

    private static Source ToSource(SearchHit hit, int index) => new(
        index + 1,
        hit.ChunkId,
        hit.DocumentId,
        hit.Version,
        hit.Title,
        hit.Uri,
        [.. hit.HeadingPath],
        hit.Text,
        hit.StartOffset,
        hit.EndOffset,
        hit.Score,
        hit.LexicalScore,
        hit.VectorScore,
        hit.Metadata.ToDictionary());
}
