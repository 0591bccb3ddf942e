using Downstream = RagPlatform.Protos.Retrieval.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.Search;

internal static class SearchMapping
{
    public static Downstream.SearchRequest ToRetrieval(this V1.SearchRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.OrDefault(request.Collection),
        Query = request.Query,
        TopK = request.TopK,
        Filter = request.Filter,
        Settings = request.Settings,
    };

    /// <param name="response">What the retrieval service measured.</param>
    /// <param name="hits">That are told.</param>
    /// <param name="placing">How long it took to find where they stand.</param>
    /// <param name="elapsed">Since the query arrived at the gateway.</param>
    public static V1.SearchResponse ToGateway(this Downstream.SearchResponse response, IReadOnlyList<V1.SearchHit> hits, TimeSpan placing, TimeSpan elapsed) => new()
    {
        Hits = { hits },
        Timings =
        {
            new V1.Timing { Part = "embedding", Milliseconds = Math.Max(0, response.EmbeddingMilliseconds - response.ModelMilliseconds) },
            new V1.Timing { Part = "question embedding", Milliseconds = response.ModelMilliseconds, IsModel = true },
            Stages(response),
            Reranking(response),
            Placing(placing),
            GatewayTimingMapping.Rest(elapsed, response.EmbeddingMilliseconds + response.SearchMilliseconds + response.RerankMilliseconds + placing.TotalMilliseconds),
        },
    };

    /// <summary>What the retrieval service measured apart, then the rest of the search.</summary>
    private static IEnumerable<V1.Timing> Stages(Downstream.SearchResponse response)
    {
        V1.Timing[] stages =
        [
            new() { Part = "filter", Milliseconds = response.FilterMilliseconds },
            new() { Part = "lexical search", Milliseconds = response.LexicalMilliseconds },
            new() { Part = "vector search", Milliseconds = response.VectorMilliseconds },
            new() { Part = "fusion", Milliseconds = response.FusionMilliseconds },
        ];
        return
        [
            .. stages.Where(stage => stage.Milliseconds > 0),
            new V1.Timing { Part = "search", Milliseconds = Math.Max(0, response.SearchMilliseconds - stages.Sum(stage => stage.Milliseconds)) },
        ];
    }

    private static IEnumerable<V1.Timing> Reranking(Downstream.SearchResponse response) => response.RerankModel.Length == 0 ? [] :
    [
        new() { Part = "reranking call", Milliseconds = Math.Max(0, response.RerankMilliseconds - response.RerankModelMilliseconds) },
        new() { Part = "reranking", Milliseconds = response.RerankModelMilliseconds, IsModel = true },
    ];

    private static IEnumerable<V1.Timing> Placing(TimeSpan placing) =>
        placing == TimeSpan.Zero ? [] : [new() { Part = "passages", Milliseconds = placing.TotalMilliseconds }];

    public static V1.SearchHit ToGateway(this Downstream.SearchHit hit) => new()
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
        Explanation = hit.Explanation,
    };
}
