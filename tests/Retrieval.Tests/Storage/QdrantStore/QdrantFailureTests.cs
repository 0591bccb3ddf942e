using System.Net;
using System.Net.Sockets;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.QdrantStore;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Retrieval.Tests.Storage.QdrantServer;
using RagPlatform.Search;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

public sealed class QdrantFailureTests : IAsyncLifetime
{
    private static readonly IndexKey Index = new(CollectionKey.Require("acme", "docs"), 1);
    private static readonly IndexSettings Settings = new("fake-model", IndexedDocuments.Dimension);

    private StrictQdrantServer _server = null!;

    public async Task InitializeAsync() => _server = await StrictQdrantServer.StartAsync("secret-key");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(nameof(ServerFault.Unavailable))]
    [InlineData(nameof(ServerFault.RateLimited))]
    [InlineData(nameof(ServerFault.ServiceError))]
    [InlineData(nameof(ServerFault.Broken))]
    [InlineData(nameof(ServerFault.BrokenAfterwards))]
    public async Task AnyRequest_FailingTwice_IsTriedAgain(string fault)
    {
        var failures = new Dictionary<string, int>(StringComparer.Ordinal);
        _server.Fault = request =>
        {
            failures[request] = failures.GetValueOrDefault(request) + 1;
            return failures[request] <= 2 ? Enum.Parse<ServerFault>(fault) : ServerFault.None;
        };
        using var store = QdrantStores.Create(_server.Address, ("ApiKey", "secret-key"));

        await store.OpenAsync(default).WithTimeout("opening");
        await store.CreateAsync(Index, Settings, default).WithTimeout("creating");
        await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 3), default).WithTimeout("replacing");
        await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 2, 2), default).WithTimeout("replacing");
        var result = await store.SearchAsync(Index, new SearchQuery { Text = "common", Vector = IndexedDocuments.Vector(1) }, default).WithTimeout("searching");
        await store.RemoveAsync(Index, "doc", default).WithTimeout("removing");

        result.Hits.Select(hit => hit.Document.Version).ShouldBe([2, 2]);
        failures.Values.ShouldAllBe(count => count >= 3);
    }

    [Fact]
    public async Task Search_ServerFailsForGood_IsUnavailableWithNameAndRemedy()
    {
        using var store = await OpenAsync(("MaxRetries", "2"));
        var asked = 0;
        _server.Fault = _ =>
        {
            asked++;
            return ServerFault.Unavailable;
        };

        var failure = await Should.ThrowAsync<ServiceException>(() => store.SearchAsync(Index, new SearchQuery { Text = "common", Fusion = FusionMethod.Lexical }, default));

        failure.Kind.ShouldBe(FailureKind.Unavailable);
        failure.Message.ShouldStartWith($"qdrant at {_server.Address.GetLeftPart(UriPartial.Authority)} ");
        failure.Message.ShouldContain("HTTP 503");
        failure.Remedy!.ShouldContain("Retrieval:Qdrant:Url");
        failure.RetryDelay.ShouldNotBeNull();
        asked.ShouldBe(3);
    }

    [Fact]
    public async Task Search_SilentServer_IsUnavailableAfterTheTimeLimit()
    {
        using var store = await OpenAsync(("TimeoutSeconds", "1"), ("MaxRetries", "0"));
        _server.Fault = _ => ServerFault.Silent;

        var failure = await Should.ThrowAsync<ServiceException>(
            () => store.SearchAsync(Index, new SearchQuery { Text = "common", Fusion = FusionMethod.Lexical }, default).WithTimeout("the time limit"));

        (failure.Kind, failure.Code).ShouldBe((FailureKind.Unavailable, "QDRANT_UNAVAILABLE"));
        failure.Message.ShouldContain("1 seconds");
    }

    [Fact]
    public async Task Search_CallerGivesUp_EndsAtOnce()
    {
        using var store = await OpenAsync();
        using var caller = new CancellationTokenSource();
        _server.Fault = _ =>
        {
            caller.Cancel();
            return ServerFault.Silent;
        };

        await Should.ThrowAsync<OperationCanceledException>(
            () => store.SearchAsync(Index, new SearchQuery { Text = "common", Fusion = FusionMethod.Lexical }, caller.Token).WithTimeout("giving up", TimeSpan.FromSeconds(5)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong-key")]
    public async Task Open_WrongKey_SaysSoWithoutTellingIt(string key)
    {
        using var store = QdrantStores.Create(_server.Address, ("ApiKey", key));

        var failure = await Should.ThrowAsync<ServiceException>(() => store.OpenAsync(default).WithTimeout("opening"));

        (failure.Kind, failure.Code).ShouldBe((FailureKind.Unavailable, "QDRANT_KEY_REFUSED"));
        failure.Remedy!.ShouldContain("Retrieval:Qdrant:ApiKey");
        failure.ToString().ShouldNotContain("wrong-key");
    }

    [Fact]
    public async Task Open_NobodyListens_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();
        using var store = QdrantStores.Create(address);

        (await Should.ThrowAsync<ServiceException>(() => store.OpenAsync(default).WithTimeout("opening"))).Code.ShouldBe("QDRANT_UNAVAILABLE");
    }

    [Fact]
    public async Task Search_CollectionDeletedBehindTheService_IsUnavailableUntilItIsThereAgain()
    {
        using var store = await OpenAsync();
        await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 3), default);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("api-key", "secret-key");
        (await client.DeleteAsync(new Uri(_server.Address, "/collections/rag.acme.docs.1"))).EnsureSuccessStatusCode();

        var failure = await Should.ThrowAsync<ServiceException>(() => store.SearchAsync(Index, new SearchQuery { Text = "common", Fusion = FusionMethod.Lexical }, default));

        (failure.Kind, failure.Code).ShouldBe((FailureKind.Unavailable, "QDRANT_COLLECTION_MISSING"));
        using var restarted = await OpenAsync();
        (await restarted.FindVersionAsync(Index, "doc", default)).ShouldBe(0);
    }

    [Fact]
    public async Task Open_IndexOfAnotherAnalysis_BeginsAnew()
    {
        using (var store = await OpenAsync())
        {
            await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 3), default);
        }

        var written = _server.Requests.Last(request => request.Body.Contains("\"analysis\":\"", StringComparison.Ordinal)).Body;
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("api-key", "secret-key");
        using var other = new StringContent(written.Replace("\"analysis\":\"", "\"analysis\":\"other ", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        (await client.PutAsync(new Uri(_server.Address, "/collections/rag.acme.docs.1/points?wait=true"), other)).EnsureSuccessStatusCode();
        using var reopened = QdrantStores.Create(_server.Address, ("ApiKey", "secret-key"));

        await reopened.OpenAsync(default).WithTimeout("opening");

        (await reopened.ListAsync(default)).ShouldBeEmpty();
        await reopened.CreateAsync(Index, Settings, default).WithTimeout("creating");
        (await reopened.FindVersionAsync(Index, "doc", default)).ShouldBe(0);
        _server.CountPoints("rag.acme.docs.1").ShouldBe(1);
    }

    [Fact]
    public async Task Create_OtherSettings_IsRefused()
    {
        using var store = await OpenAsync();

        var failure = await Should.ThrowAsync<ServiceException>(() => store.CreateAsync(Index, Settings with { Dimension = 16 }, default));

        (failure.Kind, failure.Code).ShouldBe((FailureKind.FailedPrecondition, "INDEX_SETTINGS_DIFFER"));
    }

    [Fact]
    public async Task Replace_MoreFieldsThanTheLimit_IsRefusedAndNothingIsHeld()
    {
        using var store = await OpenAsync();
        var metadata = Enumerable.Range(0, 300).Select(i => ($"key{i}", "x")).ToArray();

        var failure = await Should.ThrowAsync<ServiceException>(() => store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 1, metadata), default));

        (failure.Kind, failure.Code, failure.Field).ShouldBe((FailureKind.FailedPrecondition, "METADATA_FIELDS_EXHAUSTED", "metadata"));
        (await store.FindVersionAsync(Index, "doc", default)).ShouldBe(0);
    }

    private async Task<QdrantVectorStore> OpenAsync(params (string Key, string Value)[] settings)
    {
        var store = QdrantStores.Create(_server.Address, [("ApiKey", "secret-key"), .. settings]);
        await store.OpenAsync(default).WithTimeout("opening");
        await store.CreateAsync(Index, Settings, default).WithTimeout("creating");
        return store;
    }
}
