using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

/// <summary>Runs rag's commands in this process against a fake gateway that speaks real gRPC.</summary>
public sealed class CommandLineFixture : IAsyncLifetime, IDisposable
{
    private TestServer server = null!;

    internal FakeGateway Gateway { get; } = new();

    internal FakeFineTuning FineTuning { get; } = new();

    internal TestFolder Folder { get; } = new();

    internal Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    internal string Input { get; set; } = "";

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(
            builder => builder.Services.AddSingleton(Gateway).AddSingleton(FineTuning),
            app =>
            {
                app.MapGrpcService<FakeGateway>();
                app.MapGrpcService<FakeFineTuning>();
            });
        Environment["RAG_ROOT"] = Folder.Path;
        Environment["RAG_GATEWAY"] = server.Address.OriginalString;
        Environment["RAG_KEY"] = FakeGateway.Key;
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Dispose();
    }

    public void Dispose() => Folder.Dispose();

    internal async Task<Ran> RunAsync(params string[] arguments) => await RunAsync(CancellationToken.None, arguments);

    internal async Task<Ran> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new StringWriter();
        return await RunAsync(output, cancellationToken, arguments);
    }

    /// <param name="output">Takes what is printed, to be read meanwhile.</param>
    /// <param name="cancellationToken">As Ctrl-C does.</param>
    /// <param name="arguments">Of the command line.</param>
    internal async Task<Ran> RunAsync(TextWriter output, CancellationToken cancellationToken, params string[] arguments)
    {
        using var error = new StringWriter();
        using var session = new Session
        {
            Out = output,
            Err = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            Environment = name => Environment.GetValueOrDefault(name),
            CurrentDirectory = Folder.Path,
        };
        var exitCode = await RagCommandLine.RunAsync(arguments, session, cancellationToken).WithTimeout($"rag {string.Join(' ', arguments)}");
        return new Ran(exitCode, output.ToString()!, error.ToString());
    }
}

internal sealed record Ran(int ExitCode, string Out, string Err)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
