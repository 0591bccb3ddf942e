using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Grpc.Tests;

public sealed class ServerTests
{
    private static readonly DateTime Deadline = DateTime.MaxValue.ToUniversalTime();

    private static Task<TestServer> StartAsync(
        Func<SearchRequest, ServerCallContext, Task<SearchResponse>> search, Action<WebApplicationBuilder>? configure = null) =>
        TestServer.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(new ProbeService(search));
                builder.Services.AddReflected(RetrievalService.Descriptor);
                configure?.Invoke(builder);
            },
            app => app.MapGrpcService<ProbeService>());

    [Fact]
    public async Task Failure_OfAHandler_ReachesTheCallerWithItsDetails()
    {
        await using var server = await StartAsync((_, _) => throw new ServiceException(FailureKind.InvalidArgument, "QUERY_EMPTY", "query: it is empty.") { Field = "query", Remedy = "Ask something." });

        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(server));

        exception.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        var failure = FailureStatus.FromRpcException(exception).ShouldNotBeNull();
        failure.Code.ShouldBe("QUERY_EMPTY");
        failure.Field.ShouldBe("query");
    }

    /// <summary>Trailers are HTTP headers, of which a client takes 64 KB: beyond that it would be told of a broken connection instead.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("長")]
    [InlineData("😀")]
    public async Task Failure_ThatQuotesAHugeValue_ReachesTheCallerShortened(string character)
    {
        var quoted = string.Concat(Enumerable.Repeat(character, 100_000));
        await using var server = await StartAsync((_, _) => throw new ServiceException(FailureKind.NotFound, "MODEL_UNKNOWN", $"model: '{quoted}' is unknown.") { Field = "model", Remedy = $"Pull it: {quoted}" });

        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(server));

        exception.StatusCode.ShouldBe(StatusCode.NotFound);
        var failure = FailureStatus.FromRpcException(exception).ShouldNotBeNull();
        (failure.Code, failure.Field).ShouldBe(("MODEL_UNKNOWN", "model"));
        failure.Message.ShouldStartWith($"model: '{character}{character}");
        failure.Message.ShouldEndWith($"{character}...");
        failure.Remedy.ShouldNotBeNull().ShouldEndWith($"{character}...");
    }

    [Fact]
    public async Task Bug_InAHandler_IsInternalAndLeaksNothing()
    {
        await using var server = await StartAsync((_, _) => throw new InvalidOperationException("secret connection string"));

        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(server));

        exception.StatusCode.ShouldBe(StatusCode.Internal);
        exception.Status.Detail.ShouldNotContain("secret");
        exception.Status.Detail.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Deadline_Passed_IsDeadlineExceeded()
    {
        await using var server = await StartAsync(async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new SearchResponse();
        });
        var client = new RetrievalService.RetrievalServiceClient(server.Channel);

        var exception = await Should.ThrowAsync<RpcException>(() =>
            client.SearchAsync(new SearchRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200)).ResponseAsync.WithTimeout("the call"));

        exception.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Health_FollowsTheHostsChecks()
    {
        var healthy = true;
        await using var server = await StartAsync(
            (_, _) => Task.FromResult(new SearchResponse()),
            builder => builder.Services.AddHealthChecks().AddCheck("index", () => healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("opening")));
        var health = new global::Grpc.Health.V1.Health.HealthClient(server.Channel);

        (await health.CheckAsync(new HealthCheckRequest(), deadline: Deadline)).Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
        healthy = false;
        (await health.CheckAsync(new HealthCheckRequest { Service = RetrievalService.Descriptor.FullName }, deadline: Deadline)).Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.NotServing);
        (await Should.ThrowAsync<RpcException>(() => health.CheckAsync(new HealthCheckRequest { Service = "elsewhere.v1.Service" }, deadline: Deadline).ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Reflection_ListsServices_AndDescribesThemWithAllTheyImport()
    {
        await using var server = await StartAsync((_, _) => Task.FromResult(new SearchResponse()));
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo(deadline: Deadline);

        var list = await AskAsync(call, new ServerReflectionRequest { ListServices = "*" });
        list.ListServicesResponse.Service.Select(service => service.Name).ShouldBe([RetrievalService.Descriptor.FullName]);

        var described = await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "ragplatform.retrieval.v1.RetrievalService" });
        var files = FileDescriptor.BuildFromByteStrings(described.FileDescriptorResponse.FileDescriptorProto.Reverse());
        files.SelectMany(file => file.Services).ShouldHaveSingleItem().Methods.Select(method => method.Name).ShouldContain("Search");

        var message = await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "ragplatform.retrieval.v1.SearchHit" });
        message.FileDescriptorResponse.FileDescriptorProto.ShouldNotBeEmpty();

        var missing = await AskAsync(call, new ServerReflectionRequest { FileByFilename = "nowhere.proto" });
        missing.ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);
    }

    private static async Task<ServerReflectionResponse> AskAsync(AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request).WithTimeout("the request");
        (await call.ResponseStream.MoveNext().WithTimeout("the response")).ShouldBeTrue();
        return call.ResponseStream.Current;
    }

    private static Task<SearchResponse> SearchAsync(TestServer server) =>
        new RetrievalService.RetrievalServiceClient(server.Channel).SearchAsync(new SearchRequest()).ResponseAsync.WithTimeout("the call");
}
