using Grpc.Core;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Gateway.Tests.Calls;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Call_WithoutADeadline_GetsItsMethodsOwn()
    {
        await using var server = await GatewayServer.StartAsync(("Gateway:AskTimeoutSeconds", "500"), ("Gateway:TimeoutSeconds", "100"));
        var deadlines = Record(server.Fakes);
        var start = DateTime.UtcNow;

        await server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key());
        await server.Client.Ask(new AskRequest(), GatewayServer.Key()).ReadAsync();
        await server.Client.WatchDocument(new WatchDocumentRequest(), GatewayServer.Key()).ReadAsync();

        deadlines[0].ShouldBe(start.AddSeconds(100), Tolerance);
        deadlines[1].ShouldBe(start.AddSeconds(500), Tolerance);
        deadlines[2].ShouldBe(DateTime.MaxValue);
    }

    [Fact]
    public async Task WorkOnAWholeCollection_HasALimitOfItsOwn_AndAWatchHasNone()
    {
        await using var server = await GatewayServer.StartAsync(("Gateway:CollectionTimeoutSeconds", "500"), ("Gateway:TimeoutSeconds", "100"));
        var key = GatewayServer.Key();
        var start = DateTime.UtcNow;

        await server.Client.SnapshotCollectionAsync(new SnapshotCollectionRequest(), key);
        await server.Client.RestoreCollectionAsync(new RestoreCollectionRequest(), key);
        await server.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Collection = "docs" }, key);
        await server.Client.CountFacetsAsync(new CountFacetsRequest(), key);
        await server.Client.WatchBuild(new WatchBuildRequest(), key).ReadAsync();

        var deadlines = server.Fakes.CollectionDeadlines.ToList();
        deadlines.Count.ShouldBe(8); // a deletion describes, then deletes the documents, the index, and the documents that came meanwhile
        deadlines.Take(6).ShouldAllBe(deadline => Math.Abs((deadline - start.AddSeconds(500)).TotalSeconds) < Tolerance.TotalSeconds);
        deadlines[6].ShouldBe(start.AddSeconds(100), Tolerance);
        deadlines[7].ShouldBe(DateTime.MaxValue);
    }

    [Fact]
    public async Task Call_WithAShorterDeadline_KeepsIt()
    {
        await using var server = await GatewayServer.StartAsync(("Gateway:TimeoutSeconds", "1000"));
        var deadlines = Record(server.Fakes);
        var deadline = DateTime.UtcNow.AddSeconds(200);

        await server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key(), deadline);

        deadlines[0].ShouldBe(deadline, Tolerance);
    }

    [Fact]
    public async Task Call_PastItsLimit_IsDeadlineExceededAndNamesTheKnob()
    {
        await using var server = await GatewayServer.StartAsync(("Gateway:TimeoutSeconds", "1"));
        server.Fakes.Search = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            throw new InvalidOperationException("unreachable");
        };

        var failure = await Failures.OfAsync(() => server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key()).ResponseAsync);

        failure.Kind.ShouldBe(FailureKind.DeadlineExceeded);
        failure.Remedy.ShouldNotBeNull().ShouldContain("Gateway:TimeoutSeconds");
    }

    [Fact]
    public async Task Cancellation_OfTheCaller_ReachesTheServiceBehind()
    {
        await using var server = await GatewayServer.StartAsync();
        var arrived = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        server.Fakes.Answer = async (_, _, context) =>
        {
            using var registration = context.CancellationToken.Register(() => cancelled.TrySetResult());
            arrived.SetResult();
            await cancelled.Task;
        };
        using var caller = new CancellationTokenSource();

        var answer = server.Client.Ask(new AskRequest(), GatewayServer.Key(), cancellationToken: caller.Token).ReadAsync();
        await arrived.Task.WithTimeout("the question's arrival");
        await caller.CancelAsync();

        await cancelled.Task.WithTimeout("the cancellation's arrival");
        (await Failures.StatusOfAsync(() => answer)).ShouldBe(StatusCode.Cancelled);
    }

    private static List<DateTime> Record(FakeServices fakes)
    {
        var deadlines = new List<DateTime>();
        fakes.Search = (_, context) =>
        {
            deadlines.Add(context.Deadline);
            return Task.FromResult(new Protos.Retrieval.V1.SearchResponse());
        };
        fakes.Answer = (_, _, context) =>
        {
            deadlines.Add(context.Deadline);
            return Task.CompletedTask;
        };
        fakes.Watch = (_, _, context) =>
        {
            deadlines.Add(context.Deadline);
            return Task.CompletedTask;
        };
        return deadlines;
    }
}
