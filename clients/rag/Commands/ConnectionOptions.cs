using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

/// <summary>--gateway and --key of a command that talks to the platform, and how their defaults are found.</summary>
internal sealed class ConnectionOptions
{
    public const string DefaultGateway = "http://127.0.0.1:7600";
    public const string DevelopmentKey = "dev";

    private readonly Session session;
    private readonly Option<string?> gateway = new("--gateway") { Description = "The gateway's address [default: the running platform's, else RAG_GATEWAY, else http://127.0.0.1:7600]", HelpName = "ADDRESS" };
    private readonly Option<string?> key = new("--key") { Description = "The API key [default: the running platform's, else RAG_KEY, else dev]", HelpName = "KEY" };

    public ConnectionOptions(Session session, Command command)
    {
        this.session = session;
        command.Options.Add(gateway);
        command.Options.Add(key);
    }

    /// <summary>The platform that the options, the run file and the environment name, in this order.</summary>
    public Connection Connect(ParseResult parsed)
    {
        var run = parsed.GetValue(gateway) is null ? RunFile.ReadLive(Checkout.Find(session).RunFilePath) : null;
        if (run is { Gateway: null })
        {
            throw StillStarting(); // rather than talk to whoever has the usual address
        }

        var address = parsed.GetValue(gateway) ?? run?.Gateway?.OriginalString ?? NotEmpty(session.Environment("RAG_GATEWAY")) ?? DefaultGateway;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new CommandException($"--gateway: '{address}' is no address.", $"Give it as {DefaultGateway}.", ExitCode.Usage);
        }

        var apiKey = parsed.GetValue(key) ?? run?.ApiKey ?? NotEmpty(session.Environment("RAG_KEY")) ?? DevelopmentKey;
        return new Connection(new RagClient(new RagClientOptions { Address = uri, ApiKey = apiKey }), uri, run);
    }

    /// <summary>There is a run, and it is not yet to be talked to.</summary>
    public static CommandException StillStarting() => new("the platform is still starting.", "rag up returns when it is ready.", ExitCode.NotRunning);

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

/// <param name="Client">Talks to it.</param>
/// <param name="Address">The gateway's.</param>
/// <param name="Run">The run of this checkout, when that is what is talked to.</param>
internal sealed record Connection(RagClient Client, Uri Address, RunState? Run) : IDisposable
{
    public void Dispose() => Client.Dispose();
}
