using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Tests.Storage.QdrantServer;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

/// <summary>The whole service over Qdrant, configured as Aspire does it.</summary>
public sealed class QdrantServiceTests : IAsyncLifetime
{
    private static readonly SearchRequest Request = new() { Tenant = "acme", Collection = "docs", Query = "part2" };

    private StrictQdrantServer _server = null!;
    private RetrievalHost _host = null!;

    public async Task InitializeAsync()
    {
        _server = await StrictQdrantServer.StartAsync("secret");
        _host = await RetrievalHost.StartAsync(
            ("Retrieval:Store", "qdrant"), ("ConnectionStrings:qdrant", $"Endpoint={_server.Address};Key=secret"), ("Retrieval:Qdrant:RetryDelayMilliseconds", "1"));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
        _server.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_StoreQdrant_FindsWhatWasIndexed()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 7));

        var response = await _host.Client.SearchAsync(Request).ResponseAsync.WithTimeout("searching");

        response.Hits.Count.ShouldBe(4);
        var lexical = response.Hits.Single(hit => hit.LexicalScore > 0);
        (lexical.DocumentId, lexical.Version, lexical.Text).ShouldBe(("doc", 7L, "common text of doc edition7 part2"));
        // Four chunks, the document, the index.
        _server.CountPoints("rag.acme.docs.1").ShouldBe(6);
    }

    [Fact]
    public async Task Restart_StoreQdrant_FindsWhatWasIndexed()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 7));

        await _host.RestartAsync();
        await _host.Service<VectorStores>().WaitUntilOpenAsync("qdrant", default).WithTimeout("opening");

        (await _host.Client.SearchAsync(Request).ResponseAsync.WithTimeout("searching")).Hits.Count.ShouldBe(4);
        _server.CountPoints("rag.acme.docs.1").ShouldBe(6);
    }

    [Fact]
    public async Task Search_QdrantDown_IsUnavailableAndNamesIt()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 7));
        _server.Fault = _ => ServerFault.Unavailable;

        var failure = await Should.ThrowAsync<RpcException>(() => _host.Client.SearchAsync(Request).ResponseAsync.WithTimeout("searching"));

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Status.Detail.ShouldContain("qdrant at http://");
    }
}
