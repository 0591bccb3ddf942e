using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Grpc.Clients;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Grpc.Tests;

public sealed class ServiceClientTests
{
    [Fact]
    public async Task Call_OfAService_FindsItsAddressInConfiguration()
    {
        await using var server = await TestServer.StartAsync(new ProbeService((_, _) => Task.FromResult(new SearchResponse { Model = "here" })));
        await using var services = Client(server.Address.ToString());

        (await SearchAsync(services)).Model.ShouldBe("here");
    }

    [Fact]
    public async Task Call_OverAUnixSocket_Arrives()
    {
        using var folder = new TestFolder();
        await using var server = await TestServer.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(new ProbeService((_, context) => Task.FromResult(new SearchResponse { Model = context.Peer })));
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(folder.File("s"), listen => listen.Protocols = HttpProtocols.Http2));
            },
            app => app.MapGrpcService<ProbeService>());
        await using var services = Client($"unix:{folder.File("s")}");

        (await SearchAsync(services)).Model.ShouldNotContain("127.0.0.1");
    }

    [Fact]
    public async Task Call_InATrace_HasTheServersSpanRightUnderTheClients()
    {
        using var root = new Activity("test").Start();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Grpc.Net.Client" or "System.Net.Http" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await TestServer.StartAsync(new ProbeService((_, _) => Task.FromResult(new SearchResponse())));
        await using var services = Client(server.Address.ToString());

        await SearchAsync(services);

        var ours = spans.Where(span => span.TraceId == root.TraceId).ToList();
        ours.Select(span => span.Source.Name).ShouldBe(["Grpc.Net.Client", "Microsoft.AspNetCore"]);
        ours[1].ParentSpanId.ShouldBe(ours[0].SpanId);
    }

    [Fact]
    public async Task Failure_OfTheOtherService_ComesBackAsItWas()
    {
        await using var server = await TestServer.StartAsync(new ProbeService((_, _) => throw new ServiceException(FailureKind.FailedPrecondition, "INDEX_BUILDING", "collection: 'docs' is being rebuilt.") { Remedy = "Wait." }));
        await using var services = Client(server.Address.ToString());

        var failure = await Should.ThrowAsync<ServiceException>(() => SearchAsync(services));

        failure.Kind.ShouldBe(FailureKind.FailedPrecondition);
        failure.Code.ShouldBe("INDEX_BUILDING");
        failure.Remedy.ShouldBe("Wait.");
    }

    [Fact]
    public async Task ServiceThatIsDown_IsUnavailableAndNamed()
    {
        var server = await TestServer.StartAsync(new ProbeService((_, _) => Task.FromResult(new SearchResponse())));
        var address = server.Address.ToString();
        await server.DisposeAsync();
        await using var services = Client(address);

        var failure = await Should.ThrowAsync<ServiceException>(() => SearchAsync(services));

        failure.Kind.ShouldBe(FailureKind.Unavailable);
        failure.Message.ShouldContain("retrieval");
        failure.RetryDelay.ShouldNotBeNull();
    }

    [Fact]
    public async Task Unavailable_AnsweredByTheService_IsNotTriedAgain()
    {
        var calls = 0;
        await using var server = await TestServer.StartAsync(new ProbeService((_, _) =>
        {
            Interlocked.Increment(ref calls);
            throw new ServiceException(FailureKind.Unavailable, "MODEL_NOT_READY", "The model is being fetched.") { RetryDelay = TimeSpan.FromSeconds(2) };
        }));
        await using var services = Client(server.Address.ToString());

        var failure = await Should.ThrowAsync<ServiceException>(() => SearchAsync(services));

        failure.Code.ShouldBe("MODEL_NOT_READY");
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task Unavailable_ThatTheNextTryShouldPass_IsTriedAgainAtOnce()
    {
        var calls = 0;
        await using var server = await TestServer.StartAsync(new ProbeService((_, _) => Interlocked.Increment(ref calls) == 1
            ? throw new ServiceException(FailureKind.Unavailable, "COLLECTION_CHANGED", "The collection changed during the search.") { RetryDelay = TimeSpan.Zero }
            : Task.FromResult(new SearchResponse { Model = "new" })));
        await using var services = Client(server.Address.ToString());

        (await SearchAsync(services)).Model.ShouldBe("new");
        calls.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3 * 1024 * 1024)]
    public async Task Unavailable_NotOfOurMaking_IsTriedAgain(int queryCharacters)
    {
        var calls = 0;
        await using var server = await TestServer.StartAsync(
            builder => builder.Services.AddSingleton(new ProbeService((_, _) => Task.FromResult(new SearchResponse { Model = "back" }))),
            app =>
            {
                // As a proxy answers while a service restarts.
                app.Use((context, next) =>
                {
                    if (Interlocked.Increment(ref calls) == 3)
                    {
                        return next(context);
                    }

                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    return Task.CompletedTask;
                });
                app.MapGrpcService<ProbeService>();
            });
        await using var services = Client(server.Address.ToString());

        (await SearchAsync(services, new string('q', queryCharacters))).Model.ShouldBe("back");
        calls.ShouldBe(3);
    }

    [Fact]
    public async Task AddressMissing_IsNamedWithItsRemedy()
    {
        await using var services = Client(null);

        var exception = Should.Throw<InvalidOperationException>(() => services.GetRequiredService<RetrievalService.RetrievalServiceClient>());

        exception.Message.ShouldContain("services:retrieval:http:0");
    }

    [Fact]
    public void Tenant_Missing_IsRefused() =>
        Should.Throw<ServiceException>(() => GrpcServer.RequireTenant("")).Kind.ShouldBe(FailureKind.PermissionDenied);

    private static ServiceProvider Client(string? address)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("services:retrieval:http:0", address)]).Build());
        services.AddServiceClient<RetrievalService.RetrievalServiceClient>("retrieval");
        return services.BuildServiceProvider();
    }

    private static Task<SearchResponse> SearchAsync(ServiceProvider services, string query = "") =>
        services.GetRequiredService<RetrievalService.RetrievalServiceClient>().SearchAsync(new SearchRequest { Query = query }).ResponseAsync.WithTimeout("the call");
}
