using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Support;

/// <summary>The whole service in this process, over real gRPC, with real workers below it.</summary>
internal sealed class FineTuneHost : IAsyncDisposable
{
    private readonly TestServer _server;

    private FineTuneHost(TestServer server)
    {
        _server = server;
        Client = For("default");
    }

    /// <summary>Of the tenant "default".</summary>
    public FineTuneJobsService.FineTuneJobsServiceClient Client { get; }

    /// <summary>Sends no tenant.</summary>
    public FineTuneJobsService.FineTuneJobsServiceClient Anonymous => new(_server.Channel);

    public IServiceProvider Services => _server.Services;

    /// <param name="folder">State is kept here; a second host on it is a restart, or a neighbour.</param>
    /// <param name="settings">Configuration.</param>
    public static async Task<FineTuneHost> StartAsync(string folder, params (string Key, string Value)[] settings) => new(await TestServer.StartAsync(
        builder =>
        {
            builder.Configuration.AddInMemoryCollection(
            [
                new("Data:Directory", folder),
                new("FineTuneJobs:RestartDelayMilliseconds", "50"),
                .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
            ]);
            builder.AddFineTuneJobs();
        },
        app => app.MapFineTuneJobs()));

    public FineTuneJobsService.FineTuneJobsServiceClient For(string tenant) => new(_server.Channel.Intercept(metadata =>
    {
        metadata.Add("rag-tenant", tenant);
        return metadata;
    }));

    public Task<Dataset> UploadAsync(string content, string name = "examples.jsonl") => Client.UploadAsync(System.Text.Encoding.UTF8.GetBytes(content), name);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
