using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Protos.Gateway.V1;
using Ingestion = RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Gateway.Tests.Features;

/// <summary>Batches, watches, redrives, pauses and rejected drops pass whole, with the caller's tenant and its rights.</summary>
public sealed class OperationTests
{
    private const string OperatorKey = "key-of-an-operator-0003";

    [Fact]
    public async Task Calls_ArriveWholeWithTheTenant()
    {
        await using var server = await StartAsync();
        var key = GatewayServer.Key();

        await PassesAsync<DeclareBatchRequest, Ingestion.DeclareBatchRequest, DeclareBatchResponse, Ingestion.DeclareBatchResponse>(server, request => server.Client.DeclareBatchAsync(request, key));
        await PassesAsync<GetBatchRequest, Ingestion.GetBatchRequest, GetBatchResponse, Ingestion.GetBatchResponse>(server, request => server.Client.GetBatchAsync(request, key));
        await PassesAsync<ListBatchesRequest, Ingestion.ListBatchesRequest, ListBatchesResponse, Ingestion.ListBatchesResponse>(server, request => server.Client.ListBatchesAsync(request, key));
        await PassesAsync<ListVersionsRequest, Ingestion.ListVersionsRequest, ListVersionsResponse, Ingestion.ListVersionsResponse>(server, request => server.Client.ListVersionsAsync(request, key));
        await PassesAsync<RedriveDocumentsRequest, Ingestion.RedriveDocumentsRequest, RedriveDocumentsResponse, Ingestion.RedriveDocumentsResponse>(server, request => server.Client.RedriveDocumentsAsync(request, key));
        await PassesAsync<ListRejectedDropsRequest, Ingestion.ListRejectedDropsRequest, ListRejectedDropsResponse, Ingestion.ListRejectedDropsResponse>(server, request => server.Client.ListRejectedDropsAsync(request, key));
        await PassesAsync<ShowRejectedDropRequest, Ingestion.ShowRejectedDropRequest, ShowRejectedDropResponse, Ingestion.ShowRejectedDropResponse>(server, request => server.Client.ShowRejectedDropAsync(request, key));
        await PassesAsync<RedriveRejectedDropRequest, Ingestion.RedriveRejectedDropRequest, RedriveRejectedDropResponse, Ingestion.RedriveRejectedDropResponse>(server, request => server.Client.RedriveRejectedDropAsync(request, key));
        await PassesAsync<DiscardRejectedDropRequest, Ingestion.DiscardRejectedDropRequest, DiscardRejectedDropResponse, Ingestion.DiscardRejectedDropResponse>(server, request => server.Client.DiscardRejectedDropAsync(request, key));
    }

    [Fact]
    public async Task Streams_PassEveryMessage()
    {
        await using var server = await StartAsync();
        var batch = Filled.Message<Ingestion.WatchBatchResponse>();
        var change = Filled.Message<Ingestion.WatchDocumentsResponse>();
        server.Fakes.Ingestion[typeof(Ingestion.WatchBatchRequest)] = _ => batch;
        server.Fakes.Ingestion[typeof(Ingestion.WatchDocumentsRequest)] = _ => change;

        Alike.ShouldBeAlike((await server.Client.WatchBatch(new(), GatewayServer.Key()).ReadAsync()).ShouldHaveSingleItem(), batch);
        Alike.ShouldBeAlike((await server.Client.WatchDocuments(new(), GatewayServer.Key()).ReadAsync()).ShouldHaveSingleItem(), change);
    }

    [Fact]
    public async Task AllTenants_NeedAnOperator()
    {
        await using var server = await StartAsync();
        var pauses = new List<Ingestion.PauseIngestionRequest>();
        server.Fakes.Ingestion[typeof(Ingestion.PauseIngestionRequest)] = request =>
        {
            pauses.Add((Ingestion.PauseIngestionRequest)request);
            return Filled.Message<Ingestion.PauseIngestionResponse>();
        };

        var refusal = await Should.ThrowAsync<RpcException>(() => server.Client.PauseIngestionAsync(new PauseIngestionRequest { AllTenants = true }, GatewayServer.Key()).ResponseAsync);
        refusal.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        pauses.ShouldBeEmpty();
        Alike.ShouldBeAlike(await server.Client.PauseIngestionAsync(new PauseIngestionRequest { Collection = "docs" }, GatewayServer.Key()), Filled.Message<Ingestion.PauseIngestionResponse>());
        await server.Client.PauseIngestionAsync(new PauseIngestionRequest { AllTenants = true, Reason = "upgrade" }, GatewayServer.Key(OperatorKey));

        pauses.Select(pause => (pause.Tenant, pause.Collection, pause.AllTenants, pause.Reason)).ShouldBe([("a", "docs", false, ""), ("ops", "", true, "upgrade")]);
    }

    [Fact]
    public async Task RejectedDrops_OfNoTenant_AreAskedForByOperatorsAlone()
    {
        await using var server = await StartAsync();
        var asked = new List<(string, bool)>();
        server.Fakes.Ingestion[typeof(Ingestion.ListRejectedDropsRequest)] = request =>
        {
            var list = (Ingestion.ListRejectedDropsRequest)request;
            asked.Add((list.Tenant, list.IncludeUnowned));
            return new Ingestion.ListRejectedDropsResponse();
        };

        await server.Client.ListRejectedDropsAsync(new(), GatewayServer.Key());
        await server.Client.ListRejectedDropsAsync(new(), GatewayServer.Key(OperatorKey));

        asked.ShouldBe([("a", false), ("ops", true)]);
    }

    private static Task<GatewayServer> StartAsync() =>
        GatewayServer.StartAsync(("Gateway:ApiKeys:2:Key", OperatorKey), ("Gateway:ApiKeys:2:Tenant", "ops"), ("Gateway:ApiKeys:2:IsOperator", "true"));

    private static async Task PassesAsync<TRequest, TSeen, TResponse, TAnswer>(GatewayServer server, Func<TRequest, AsyncUnaryCall<TResponse>> call)
        where TRequest : class, IMessage<TRequest>, new()
        where TSeen : class, IMessage<TSeen>, new()
        where TResponse : class, IMessage<TResponse>, new()
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        TSeen? seen = null;
        server.Fakes.Ingestion[typeof(TSeen)] = request =>
        {
            seen = (TSeen)request;
            return Filled.Message<TAnswer>();
        };
        var request = Filled.Message<TRequest>();

        Alike.ShouldBeAlike(await call(request), Filled.Message<TAnswer>());

        var tenant = seen.ShouldNotBeNull(typeof(TRequest).Name).Descriptor.FindFieldByName("tenant");
        tenant.Accessor.GetValue(seen).ShouldBe("a");
        tenant.Accessor.SetValue(seen, "");
        Alike.ShouldBeAlike(request, seen);
    }
}
