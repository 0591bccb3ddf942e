using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Grpc.Tests;

/// <summary>A service that does what the test tells it to.</summary>
public sealed class ProbeService(Func<SearchRequest, ServerCallContext, Task<SearchResponse>> search) : RetrievalService.RetrievalServiceBase
{
    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) => search(request, context);
}
