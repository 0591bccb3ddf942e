using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;
using static RagPlatform.Protos.Retrieval.V1.RetrievalService;

namespace RagPlatform.Gateway.Features.Search;

/// <summary>
/// Searches, and asks the registry where the hits stand: in the original, and in the parents of small chunks, which take their
/// place. A search is answered while the registry is not there, without both.
/// </summary>
internal sealed partial class SearchClient(RetrievalServiceClient retrieval, IngestionServiceClient ingestion, TimeProvider time, ILogger<SearchClient> logger)
{
    /// <summary>The registry answers within milliseconds or is not there.</summary>
    private static readonly TimeSpan PlacesTimeout = TimeSpan.FromSeconds(2);

    public async Task<SearchResponse> SearchAsync(SearchRequest request, string tenant, CallOptions call, Func<TimeSpan> elapsed)
    {
        var found = await retrieval.SearchAsync(request.ToRetrieval(tenant), call);
        var started = time.GetTimestamp();
        SearchHit[] hits = [.. found.Hits.Select(hit => hit.ToGateway())];
        var ranges = hits.ToRanges();
        if (ranges.Count == 0)
        {
            return found.ToGateway(hits, TimeSpan.Zero, elapsed());
        }

        try
        {
            var passages = await ingestion.ReadPassagesAsync(
                new() { Tenant = tenant, Collection = found.Collection.Length > 0 ? found.Collection : CollectionName.OrDefault(request.Collection), WidenToParent = true, Ranges = { ranges } }, Briefly(call));
            return found.ToGateway(hits.Place(passages.Passages), time.GetElapsedTime(started), elapsed());
        }
        catch (Exception failure) when (failure is ServiceException or RpcException && !call.CancellationToken.IsCancellationRequested)
        {
            LogWithoutPlaces(logger, failure.Message);
            return found.ToGateway(hits, time.GetElapsedTime(started), elapsed());
        }
    }

    private CallOptions Briefly(CallOptions call)
    {
        var brief = time.GetUtcNow().UtcDateTime + PlacesTimeout;
        return call.Deadline is { } deadline && deadline < brief ? call : call.WithDeadline(brief);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Hits are told without where they stand in their originals: {Problem}")]
    private static partial void LogWithoutPlaces(ILogger logger, string problem);
}
