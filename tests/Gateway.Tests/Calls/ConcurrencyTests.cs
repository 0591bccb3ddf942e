using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Gateway.Tests.Calls;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Tenant_WithAllPlacesTaken_IsRefusedWithADelayAndOthersAreNot()
    {
        await using var server = await GatewayServer.StartAsync(("Gateway:MaxConcurrentCallsPerTenant", "2"));
        var held = new Hold(server.Fakes, count: 2);
        var first = SearchAsync(server, GatewayServer.KeyOfA);
        var second = SearchAsync(server, GatewayServer.KeyOfA);
        await held.AllArrived.WithTimeout("both searches' arrival");

        var failure = await Failures.OfAsync(() => SearchAsync(server, GatewayServer.KeyOfA));

        failure.Kind.ShouldBe(FailureKind.ResourceExhausted);
        failure.RetryDelay.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        failure.Message.ShouldContain("2");
        await SearchAsync(server, GatewayServer.KeyOfB);
        await server.Client.ListDocumentsAsync(new ListDocumentsRequest(), GatewayServer.Key());

        held.Release();
        await Task.WhenAll(first, second).WithTimeout("the held searches");
        await SearchAsync(server, GatewayServer.KeyOfA);
    }

    [Fact]
    public async Task Place_OfACancelledCall_IsGivenBack()
    {
        await using var server = await GatewayServer.StartAsync(("Gateway:MaxConcurrentCallsPerTenant", "1"));
        var held = new Hold(server.Fakes, count: 1);
        using var caller = new CancellationTokenSource();
        var first = server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key(), cancellationToken: caller.Token).ResponseAsync;
        await held.AllArrived.WithTimeout("the search's arrival");

        await caller.CancelAsync();
        await Failures.StatusOfAsync(() => first);

        await TestTimeout.EventuallyAsync(
            async () =>
            {
                try
                {
                    await SearchAsync(server, GatewayServer.KeyOfA);
                    return true;
                }
                catch (global::Grpc.Core.RpcException exception) when (exception.StatusCode is global::Grpc.Core.StatusCode.ResourceExhausted)
                {
                    return false;
                }
            },
            "a free place");
    }

    [Fact]
    public async Task Watches_OfATenant_HaveALimitOfTheirOwn()
    {
        await using var server = await GatewayServer.StartAsync(("Gateway:MaxConcurrentWatchesPerTenant", "1"), ("Gateway:MaxConcurrentCallsPerTenant", "1"));
        var arrived = new TaskCompletionSource();
        server.Fakes.Watch = async (_, _, context) =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        using var watch = server.Client.WatchDocument(new WatchDocumentRequest { Id = "x" }, GatewayServer.Key());
        await arrived.Task.WithTimeout("the watch's arrival");

        var failure = await Failures.OfAsync(() => server.Client.PullModel(new PullModelRequest(), GatewayServer.Key()).ReadAsync());

        failure.Kind.ShouldBe(FailureKind.ResourceExhausted);
        failure.Remedy.ShouldNotBeNull().ShouldContain("Gateway:MaxConcurrentWatchesPerTenant");
        await SearchAsync(server, GatewayServer.KeyOfA);
        await server.Client.PullModel(new PullModelRequest(), GatewayServer.Key(GatewayServer.KeyOfB)).ReadAsync();
    }

    private static Task<SearchResponse> SearchAsync(GatewayServer server, string key) =>
        server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key(key)).ResponseAsync.WithTimeout("the search");

    /// <summary>Keeps the first searches waiting; later ones pass.</summary>
    private sealed class Hold
    {
        private readonly TaskCompletionSource _arrived = new();
        private readonly TaskCompletionSource _released = new();
        private int _open;

        public Hold(FakeServices fakes, int count) =>
            fakes.Search = async (_, context) =>
            {
                var number = Interlocked.Increment(ref _open);
                if (number == count)
                {
                    _arrived.SetResult();
                }

                if (number <= count)
                {
                    await _released.Task.WaitAsync(context.CancellationToken);
                }

                return new Protos.Retrieval.V1.SearchResponse();
            };

        public Task AllArrived => _arrived.Task;

        public void Release() => _released.SetResult();
    }
}
