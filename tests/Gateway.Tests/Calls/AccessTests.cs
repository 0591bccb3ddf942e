using Grpc.Core;
using Grpc.Health.V1;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Tests.Calls;

public sealed class AccessTests
{
    public static TheoryData<string?, string?> RefusedHeaders => new()
    {
        { null, null },
        { "authorization", "Bearer " },
        { "authorization", "Bearer not-a-key-of-ours" },
        { "authorization", GatewayServer.KeyOfA },
        { "authorization", $"Basic {GatewayServer.KeyOfA}" },
        { "authorization", $"Bearer {GatewayServer.KeyOfA}x" },
        { "authorization", "Bearer dev" },
        { "authorization", "Bearer " + new string('k', 5000) },
        { "x-api-key", "" },
        { "x-api-key", "dev" },
        { "x-api-key", GatewayServer.KeyOfA[..^1] },
    };

    [Theory]
    [MemberData(nameof(RefusedHeaders))]
    public async Task Call_WithoutAKnownKey_IsRefusedWithARemedyBeforeAnyHandler(string? header, string? value)
    {
        await using var server = await GatewayServer.StartAsync();
        var headers = new Metadata();
        if (header is not null)
        {
            headers.Add(header, value!);
        }

        var failure = await Failures.OfAsync(() => server.Client.SearchAsync(new SearchRequest { Query = "x" }, headers).ResponseAsync);

        failure.Kind.ShouldBe(FailureKind.Unauthenticated);
        failure.Remedy.ShouldNotBeNull().ShouldContain("x-api-key");
        server.Fakes.Tenants.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryRpc_WithoutAKey_IsRefused()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var method in GatewayService.Descriptor.Methods)
        {
            (await Failures.StatusOfAsync(() => InvokeAsync(server.Invoker, method, []))).ShouldBe(StatusCode.Unauthenticated, method.Name);
        }

        server.Fakes.Tenants.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("authorization", "Bearer " + GatewayServer.KeyOfA, "a")]
    [InlineData("authorization", "bearer " + GatewayServer.KeyOfA, "a")]
    [InlineData("x-api-key", GatewayServer.KeyOfA, "a")]
    [InlineData("x-api-key", GatewayServer.KeyOfB, "b")]
    public async Task Call_WithAKey_IsItsTenants(string header, string value, string tenant)
    {
        await using var server = await GatewayServer.StartAsync();

        await server.Client.SearchAsync(new SearchRequest { Query = "x" }, new Metadata { { header, value } });

        server.Fakes.Tenants.ShouldBe([tenant]);
    }

    [Fact]
    public async Task EveryRpcThatTouchesData_PassesTheTenantOn()
    {
        await using var server = await GatewayServer.StartAsync();
        var client = server.Client;
        var key = GatewayServer.Key(GatewayServer.KeyOfB);

        await client.PutDocumentAsync(new PutDocumentRequest { Header = new DocumentHeader() }, key);
        using (var upload = client.UploadDocument(key))
        {
            await upload.RequestStream.WriteAsync(new UploadDocumentRequest { Header = new DocumentHeader() });
            await upload.RequestStream.CompleteAsync();
            await upload;
        }

        using (var staging = client.StageContent(key))
        {
            await staging.RequestStream.CompleteAsync();
            await staging;
        }

        await client.GetDocumentAsync(new GetDocumentRequest { Id = "x" }, key);
        await client.ListDocumentsAsync(new ListDocumentsRequest(), key);
        await client.DeleteDocumentAsync(new DeleteDocumentRequest { Id = "x" }, key);
        await client.WatchDocument(new WatchDocumentRequest { Id = "x" }, key).ReadAsync();
        await client.SearchAsync(new SearchRequest { Query = "x" }, key);
        await client.Ask(new AskRequest { Question = "x" }, key).ReadAsync();
        (await client.GetStatusAsync(new GetStatusRequest(), key)).Tenant.ShouldBe("b");
        await client.CountFacetsAsync(new CountFacetsRequest(), key);
        await client.ListCollectionsAsync(new ListCollectionsRequest(), key);
        await client.DescribeCollectionAsync(new DescribeCollectionRequest(), key);
        await client.CreateCollectionAsync(new CreateCollectionRequest { Collection = "x" }, key);
        await client.UpdateCollectionAsync(new UpdateCollectionRequest { Collection = "x" }, key);
        await client.DeleteCollectionAsync(new DeleteCollectionRequest { Collection = "x" }, key);
        await client.SetAliasAsync(new SetAliasRequest { Collection = "x" }, key);
        await client.DeleteAliasAsync(new DeleteAliasRequest(), key);
        await client.StartBuildAsync(new StartBuildRequest(), key);
        await client.WatchBuild(new WatchBuildRequest(), key).ReadAsync();
        await client.CancelBuildAsync(new CancelBuildRequest(), key);
        await client.SnapshotCollectionAsync(new SnapshotCollectionRequest(), key);
        await client.RestoreCollectionAsync(new RestoreCollectionRequest(), key);
        await client.ShowModelAsync(new ShowModelRequest { Model = "x" }, key);
        await client.RemoveModelAsync(new RemoveModelRequest { Model = "x" }, key);

        await client.DistillModel(new DistillModelRequest { Name = "x" }, key).ReadAsync();

        await client.PutSourceAsync(new PutSourceRequest { Source = new() }, key);
        await client.ListSourcesAsync(new ListSourcesRequest(), key);
        await client.GetSourceAsync(new GetSourceRequest(), key);
        await client.DeleteSourceAsync(new DeleteSourceRequest(), key);
        await client.CrawlSourceAsync(new CrawlSourceRequest(), key);
        await client.WatchCrawl(new WatchCrawlRequest(), key).ReadAsync();

        // One call each, but four for the deletion of a collection.
        server.Fakes.Tenants.ShouldBe(Enumerable.Repeat("b", 10 + 6 + 12 + 4 + 3));
    }

    [Fact]
    public async Task DevelopmentKey_WhereAllowed_IsTheDefaultTenant()
    {
        await using var server = await GatewayServer.StartAsync(("Gateway:AllowDevelopmentKey", "true"));

        await server.Client.SearchAsync(new SearchRequest { Query = "x" }, GatewayServer.Key("dev"));

        server.Fakes.Tenants.ShouldBe(["default"]);
    }

    [Fact]
    public async Task Health_NeedsNoKey()
    {
        await using var server = await GatewayServer.StartAsync();

        var response = await new Health.HealthClient(server.Invoker).CheckAsync(new HealthCheckRequest { Service = GatewayService.Descriptor.FullName });

        response.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    private static async Task InvokeAsync(CallInvoker invoker, Google.Protobuf.Reflection.MethodDescriptor method, Metadata headers)
    {
        var bytes = Marshallers.Create<byte[]>(message => message, message => message);
        var type = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            (true, true) => MethodType.DuplexStreaming,
        };
        var raw = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, bytes, bytes);
        var options = new CallOptions(headers);
        switch (type)
        {
            case MethodType.Unary:
                await invoker.AsyncUnaryCall(raw, null, options, []);
                break;
            case MethodType.ServerStreaming:
                await invoker.AsyncServerStreamingCall(raw, null, options, []).ReadAsync();
                break;
            case MethodType.ClientStreaming:
                using (var call = invoker.AsyncClientStreamingCall(raw, null, options))
                {
                    await call;
                }

                break;
            default:
                throw new NotSupportedException($"{method.Name} streams both ways; teach this test how to call it.");
        }
    }
}
