using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Protos.Generation.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Generation.Tests.Hosting;

/// <summary>The real service over real gRPC, with fakes of the three services it calls.</summary>
internal sealed class GenerationHost : IAsyncDisposable
{
    private readonly TestServer dependencies;
    private readonly TestServer server;

    private GenerationHost(TestServer dependencies, TestServer server, Library library)
    {
        this.dependencies = dependencies;
        this.server = server;
        Library = library;
        Client = new GenerationService.GenerationServiceClient(server.Channel);
    }

    public Library Library { get; }

    public GenerationService.GenerationServiceClient Client { get; }

    public FakeRetrieval Retrieval => dependencies.Services.GetRequiredService<FakeRetrieval>();

    public FakeIngestion Ingestion => dependencies.Services.GetRequiredService<FakeIngestion>();

    public static async Task<GenerationHost> StartAsync(Library library, params (string Key, string Value)[] settings)
    {
        var fakes = await TestServer.StartAsync(
            builder => builder.Services.AddSingleton(library).AddSingleton<FakeRetrieval>().AddSingleton<FakeEmbedding>().AddSingleton<FakeIngestion>(),
            app =>
            {
                app.MapGrpcService<FakeRetrieval>();
                app.MapGrpcService<FakeEmbedding>();
                app.MapGrpcService<FakeIngestion>();
            });
        var addresses = new[] { "retrieval", "embedding", "ingestion" }.Select(name => KeyValuePair.Create($"services:{name}:http:0", (string?)fakes.Address.ToString()));
        var generation = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(addresses.Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))));
                builder.AddGeneration();
            },
            app => app.MapGeneration());
        return new GenerationHost(fakes, generation, library);
    }

    public async Task<ReceivedAnswer> AskAsync(string question, string model = "", int topK = 0, string tenant = "acme", string collection = "docs", Filter? filter = null, TimeSpan? limit = null)
    {
        using var call = Client.Answer(new AnswerRequest { Tenant = tenant, Collection = collection, Question = question, Model = model, TopK = topK, Filter = filter });
        return await ReceivedAnswer.ReadAsync(call).WithTimeout("the answer's stream", limit);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await dependencies.DisposeAsync();
    }
}
