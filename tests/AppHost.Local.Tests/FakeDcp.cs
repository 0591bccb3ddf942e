using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RagPlatform.AppHost.Local.Dcp;
using Executable = RagPlatform.AppHost.Local.Dcp.DcpObject<RagPlatform.AppHost.Local.Dcp.ExecutableSpec, RagPlatform.AppHost.Local.Dcp.ExecutableStatus>;

namespace RagPlatform.AppHost.Local.Tests;

/// <summary>DCP's HTTP interface without processes: what is created runs until the test ends it.</summary>
internal sealed class FakeDcp : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Executable> executables = new(StringComparer.Ordinal);
    private readonly Channel<WatchEvent> changes = Channel.CreateUnbounded<WatchEvent>();

    private FakeDcp(WebApplication app) => this.app = app;

    public DcpClient Client { get; private set; } = null!;

    /// <summary>The names of the executables, in the order of their creation.</summary>
    public ConcurrentQueue<string> Created { get; } = new();

    public static async Task<FakeDcp> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeDcp(builder.Build());
        fake.Map();
        await fake.app.StartAsync();
        using var key = RSA.Create(2048);
        var authority = new CertificateRequest("CN=fake", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        fake.Client = new DcpClient(new Kubeconfig(new Uri(fake.app.Urls.Single()), authority, "token"));
        return fake;
    }

    /// <summary>As if its process had ended.</summary>
    public void End(string name, int exitCode) => Change(name, new ExecutableStatus("Finished", Pid: null, exitCode));

    public async ValueTask DisposeAsync()
    {
        changes.Writer.Complete();
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private void Map()
    {
        const string Executables = "/apis/" + DcpJson.ApiVersion + "/executables";
        app.MapPost(Executables, async (HttpRequest request) =>
        {
            var executable = (await request.ReadFromJsonAsync<Executable>(DcpJson.Options))!;
            executables[executable.Metadata.Name] = executable;
            Created.Enqueue(executable.Metadata.Name);
            Change(executable.Metadata.Name, new ExecutableStatus("Running", 4711, ExitCode: null));
        });
        app.MapGet(Executables, async (HttpResponse response) =>
        {
            await foreach (var change in changes.Reader.ReadAllAsync(response.HttpContext.RequestAborted))
            {
                await response.WriteAsync(JsonSerializer.Serialize(change, DcpJson.Options) + "\n");
                await response.Body.FlushAsync();
            }
        });
        app.MapGet(Executables + "/{name}/log", (string name, string source) =>
            Results.Text(source == "stdout" ? $"2026-01-01T00:00:00.000Z {name} says hello\n" : ""));
        app.MapPatch(Executables + "/{name}", (string name) => End(name, exitCode: 0));
        app.MapDelete(Executables + "/{name}", (string name) => executables.TryRemove(name, out _) ? Results.Ok() : Results.NotFound());
    }

    private void Change(string name, ExecutableStatus status)
    {
        if (executables.TryGetValue(name, out var executable))
        {
            changes.Writer.TryWrite(new WatchEvent("MODIFIED", executable with { Status = status }));
        }
    }
}
