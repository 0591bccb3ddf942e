using Downstream = RagPlatform.Protos.Retrieval.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.Search;

internal static class SearchMapping
{
    public static Downstream.SearchRequest ToRetrieval(this V1.SearchRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.OrDefault(request.Collection), Query = request.Query, TopK = request.TopK };

    public static V1.SearchResponse ToGateway(this Downstream.SearchResponse response, TimeSpan elapsed) => new()
    {
        Hits = { response.Hits.Select(ToGateway) },
        Timings =
        {
            new V1.Timing { Part = "embedding", Milliseconds = Math.Max(0, response.EmbeddingMilliseconds - response.ModelMilliseconds) },
            new V1.Timing { Part = "question embedding", Milliseconds = response.ModelMilliseconds, IsModel = true },
            new V1.Timing { Part = "search", Milliseconds = response.SearchMilliseconds },
            GatewayTimingMapping.Rest(elapsed, response.EmbeddingMilliseconds + response.SearchMilliseconds),
        },
    };

    private static V1.SearchHit ToGateway(Downstream.SearchHit hit) => new()
    {
        ChunkId = hit.ChunkId,
        DocumentId = hit.DocumentId,
        Version = hit.Version,
        Title = hit.Title,
        Uri = hit.Uri,
        HeadingPath = { hit.HeadingPath },
        Text = hit.Text,
        StartOffset = hit.StartOffset,
        EndOffset = hit.EndOffset,
        Score = hit.Score,
        LexicalScore = hit.LexicalScore,
        VectorScore = hit.VectorScore,
        Metadata = { hit.Metadata },
    };
}
