using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;
using Ingestion = RagPlatform.Protos.Ingestion.V1;
using Retrieval = RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Gateway.Tests.Features;

public sealed class CollectionTests
{
    [Fact]
    public Task Facets_ArriveWholeBothWays() =>
        PassesAsync<CountFacetsRequest, CountFacetsResponse, Retrieval.CountFacetsRequest, Retrieval.CountFacetsResponse>((client, request, key) => client.CountFacetsAsync(request, key));

    [Fact]
    public Task Collections_AreListedWhole() =>
        PassesAsync<ListCollectionsRequest, ListCollectionsResponse, Retrieval.ListCollectionsRequest, Retrieval.ListCollectionsResponse>((client, request, key) => client.ListCollectionsAsync(request, key));

    [Fact]
    public Task Collection_IsDescribedWhole() =>
        PassesAsync<DescribeCollectionRequest, DescribeCollectionResponse, Retrieval.DescribeCollectionRequest, Retrieval.DescribeCollectionResponse>((client, request, key) => client.DescribeCollectionAsync(request, key));

    [Fact]
    public Task Creation_PassesStoreAndSettings() =>
        PassesAsync<CreateCollectionRequest, CreateCollectionResponse, Retrieval.CreateCollectionRequest, Retrieval.CreateCollectionResponse>((client, request, key) => client.CreateCollectionAsync(request, key));

    [Fact]
    public Task Update_PassesSettings() =>
        PassesAsync<UpdateCollectionRequest, UpdateCollectionResponse, Retrieval.UpdateCollectionRequest, Retrieval.UpdateCollectionResponse>((client, request, key) => client.UpdateCollectionAsync(request, key));

    [Fact]
    public Task Alias_IsSetAndTellsTheFormerCollection() =>
        PassesAsync<SetAliasRequest, SetAliasResponse, Retrieval.SetAliasRequest, Retrieval.SetAliasResponse>((client, request, key) => client.SetAliasAsync(request, key));

    [Fact]
    public Task Alias_IsDeleted() =>
        PassesAsync<DeleteAliasRequest, DeleteAliasResponse, Retrieval.DeleteAliasRequest, Retrieval.DeleteAliasResponse>((client, request, key) => client.DeleteAliasAsync(request, key));

    [Fact]
    public Task Build_IsStartedWithModelStoreAndChunking() =>
        PassesAsync<StartBuildRequest, StartBuildResponse, Retrieval.StartBuildRequest, Retrieval.StartBuildResponse>((client, request, key) => client.StartBuildAsync(request, key));

    [Fact]
    public Task Build_IsCancelled() =>
        PassesAsync<CancelBuildRequest, CancelBuildResponse, Retrieval.CancelBuildRequest, Retrieval.CancelBuildResponse>((client, request, key) => client.CancelBuildAsync(request, key));

    [Fact]
    public Task Snapshot_IsTaken() =>
        PassesAsync<SnapshotCollectionRequest, SnapshotCollectionResponse, Retrieval.SnapshotCollectionRequest, Retrieval.SnapshotCollectionResponse>((client, request, key) => client.SnapshotCollectionAsync(request, key));

    [Fact]
    public Task Snapshot_IsRestored() =>
        PassesAsync<RestoreCollectionRequest, RestoreCollectionResponse, Retrieval.RestoreCollectionRequest, Retrieval.RestoreCollectionResponse>((client, request, key) => client.RestoreCollectionAsync(request, key));

    [Fact]
    public async Task BuildWatch_StreamsToItsEnd()
    {
        await using var server = await GatewayServer.StartAsync();
        var progress = Filled.Message<Retrieval.WatchBuildResponse>();
        server.Fakes.Retrieval[typeof(Retrieval.WatchBuildRequest)] = _ => progress;

        var seen = await server.Client.WatchBuild(new WatchBuildRequest { Collection = "docs" }, GatewayServer.Key()).ReadAsync();

        Alike.ShouldBeAlike(seen[0], progress);
        seen[1].Build.State.ShouldBe(BuildState.Succeeded);
        seen.Count.ShouldBe(2);
        server.Fakes.CollectionRequests.ShouldBe([new Retrieval.WatchBuildRequest { Tenant = "a", Collection = "docs" }]);
    }

    [Fact]
    public async Task CollectionLeftOut_IsDefaultForReadersAndTheSnapshotsOwnForRestoring()
    {
        await using var server = await GatewayServer.StartAsync();
        var key = GatewayServer.Key();

        await server.Client.DescribeCollectionAsync(new DescribeCollectionRequest(), key);
        await server.Client.CountFacetsAsync(new CountFacetsRequest(), key);
        await server.Client.StartBuildAsync(new StartBuildRequest(), key);
        await server.Client.RestoreCollectionAsync(new RestoreCollectionRequest { Snapshot = "s" }, key);

        server.Fakes.CollectionRequests.Select(request => request switch
        {
            Retrieval.DescribeCollectionRequest describe => describe.Collection,
            Retrieval.CountFacetsRequest facets => facets.Collection,
            Retrieval.StartBuildRequest build => build.Collection,
            Retrieval.RestoreCollectionRequest restore => restore.Collection,
            _ => "?",
        }).ShouldBe(["default", "default", "default", ""]);
    }

    [Fact]
    public async Task Change_WithoutACollection_IsRefusedBeforeAnyService()
    {
        await using var server = await GatewayServer.StartAsync();
        var key = GatewayServer.Key();
        Func<Task>[] calls =
        [
            () => server.Client.CreateCollectionAsync(new CreateCollectionRequest(), key).ResponseAsync,
            () => server.Client.UpdateCollectionAsync(new UpdateCollectionRequest(), key).ResponseAsync,
            () => server.Client.DeleteCollectionAsync(new DeleteCollectionRequest(), key).ResponseAsync,
            () => server.Client.SetAliasAsync(new SetAliasRequest { Alias = "live" }, key).ResponseAsync,
        ];

        foreach (var call in calls)
        {
            var failure = await Failures.OfAsync(call);
            (failure.Kind, failure.Code, failure.Field).ShouldBe((FailureKind.InvalidArgument, "COLLECTION_MISSING", "collection"));
        }

        server.Fakes.CollectionRequests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deletion_MarksTheDocumentsBeforeItDropsTheIndex_AndThoseThatCameMeanwhile()
    {
        await using var server = await GatewayServer.StartAsync();
        var counts = new Queue<long>([7, 2]);
        server.Fakes.DeleteDocuments = _ => new Ingestion.DeleteCollectionResponse { DocumentCount = counts.Dequeue() };

        var response = await server.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Collection = "docs" }, GatewayServer.Key());

        response.DocumentCount.ShouldBe(7);
        server.Fakes.CollectionRequests.ShouldBe<IMessage>(
        [
            new Retrieval.DescribeCollectionRequest { Tenant = "a", Collection = "docs" },
            new Ingestion.DeleteCollectionRequest { Tenant = "a", Collection = "docs" },
            new Retrieval.DeleteCollectionRequest { Tenant = "a", Collection = "docs" },
            new Ingestion.DeleteCollectionRequest { Tenant = "a", Collection = "docs" },
        ]);
    }

    [Fact]
    public async Task Deletion_WhoseDocumentsFail_KeepsTheIndex()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.DeleteDocuments = _ => throw new ServiceException(FailureKind.Unavailable, "REGISTRY_UNAVAILABLE", "The disk is full.");

        (await Failures.OfAsync(() => DeleteAsync(server))).Code.ShouldBe("REGISTRY_UNAVAILABLE");

        server.Fakes.CollectionRequests.OfType<Retrieval.DeleteCollectionRequest>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Deletion_OfWhatTheIndexDoesNotHave_IsNotFoundOnlyWithoutDocuments(int documents)
    {
        await using var server = await GatewayServer.StartAsync();
        var counts = new Queue<long>([documents, 0]);
        server.Fakes.DeleteDocuments = _ => new Ingestion.DeleteCollectionResponse { DocumentCount = counts.Dequeue() };
        server.Fakes.Retrieval[typeof(Retrieval.DescribeCollectionRequest)] = _ => throw NotFound();
        server.Fakes.Retrieval[typeof(Retrieval.DeleteCollectionRequest)] = _ => throw NotFound();

        if (documents > 0)
        {
            (await server.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Collection = "docs" }, GatewayServer.Key())).DocumentCount.ShouldBe(3);
        }
        else
        {
            (await Failures.OfAsync(() => DeleteAsync(server))).Kind.ShouldBe(FailureKind.NotFound);
        }
    }

    [Fact]
    public async Task Deletion_OfAnAlias_IsRefusedAndTouchesNothing()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Retrieval[typeof(Retrieval.DescribeCollectionRequest)] = _ => new Retrieval.DescribeCollectionResponse { Collection = new Collection { Name = "docs-2" } };

        var failure = await Failures.OfAsync(() => DeleteAsync(server));

        (failure.Kind, failure.Code).ShouldBe((FailureKind.FailedPrecondition, "COLLECTION_IS_ALIAS"));
        failure.Message.ShouldContain("'docs-2'");
        server.Fakes.CollectionRequests.ShouldHaveSingleItem();
    }

    private static Task<DeleteCollectionResponse> DeleteAsync(GatewayServer server) =>
        server.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Collection = "docs" }, GatewayServer.Key()).ResponseAsync;

    private static ServiceException NotFound() => new(FailureKind.NotFound, "COLLECTION_NOT_FOUND", "collection: there is no 'docs'.");

    private static async Task PassesAsync<TRequest, TResponse, TDownstreamRequest, TDownstreamResponse>(
        Func<GatewayService.GatewayServiceClient, TRequest, Metadata, AsyncUnaryCall<TResponse>> call)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>
        where TDownstreamRequest : IMessage<TDownstreamRequest>
        where TDownstreamResponse : IMessage<TDownstreamResponse>, new()
    {
        await using var server = await GatewayServer.StartAsync();
        var answer = Filled.Message<TDownstreamResponse>();
        server.Fakes.Retrieval[typeof(TDownstreamRequest)] = _ => answer;
        var request = Filled.Message<TRequest>();

        var response = await call(server.Client, request, GatewayServer.Key());

        Alike.ShouldBeAlike(response, answer);
        var seen = server.Fakes.CollectionRequests.ShouldHaveSingleItem();
        var tenant = seen.Descriptor.FindFieldByName("tenant").Accessor;
        tenant.GetValue(seen).ShouldBe("a");
        tenant.Clear(seen);
        Alike.ShouldBeAlike(request, seen);
    }
}
