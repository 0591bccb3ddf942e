using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RagPlatform.Provisioning.Brokers;

/// <summary>RabbitMQ in a container of its own, with its own ports on loopback and its queues in a volume of its own.</summary>
internal sealed class ContainerBroker(ICommands commands) : IBrokerSource
{
    private const string Image = "rabbitmq:4.1-management";

    private static readonly TimeSpan EngineTimeout = TimeSpan.FromSeconds(10);

    public async Task<BrokerOffer> OfferAsync(BrokerOptions options, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        if (!await HasEngineAsync(cancellationToken))
        {
            return BrokerOffer.None("no Docker engine answers");
        }

        var name = NameFor(options.DataDirectory);
        if (options.OutlivesCaller && await FindRunningAsync(name, cancellationToken) is { } runningPort)
        {
            return BrokerOffer.Of(new BrokerHandle(AddressOf(runningPort), $"RabbitMQ in the container {name}, already running, on 127.0.0.1:{runningPort}."));
        }

        await RemoveAsync(name, cancellationToken);
        progress?.Report(new($"Starting {Image} as the container {name} (the first time, Docker pulls the image)."));
        var ports = LoopbackPorts.FindFree(2);
        var started = await commands.RunAsync("docker", RunArguments(name, ports[0], ports[1], options.MaxMessageBytes), environment: null, cancellationToken);
        if (!started.Succeeded)
        {
            return BrokerOffer.None($"Docker could not start {Image}: {started.Reason}");
        }

        if (!await AmqpProbe.WaitForBrokerAsync(ports[0], options.StartTimeout, static () => true, cancellationToken))
        {
            await RemoveAsync(name, CancellationToken.None);
            return BrokerOffer.None($"the container {name} did not answer within {options.StartTimeout.TotalSeconds:0} s");
        }

        return BrokerOffer.Of(new BrokerHandle(
            AddressOf(ports[0]),
            $"RabbitMQ in the container {name} ({Image}) on 127.0.0.1:{ports[0]}, its management page on 127.0.0.1:{ports[1]}.",
            options.OutlivesCaller ? null : async () => await RemoveAsync(name, CancellationToken.None)));
    }

    public async Task<bool> StopAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var name = NameFor(dataDirectory);
        if (commands.Find("docker") is null || await FindRunningAsync(name, cancellationToken) is null)
        {
            return false;
        }

        await RemoveAsync(name, cancellationToken);
        return true;
    }

    private static string[] RunArguments(string name, int port, int managementPort, int maxMessageBytes) =>
    [
        "run", "--detach", "--name", name,
        "--hostname", name, // the node's data folder is named after the host
        "--volume", $"{name}:/var/lib/rabbitmq",
        "--publish", $"127.0.0.1:{port}:5672",
        "--publish", $"127.0.0.1:{managementPort}:15672",
        "--env", $"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-rabbit max_message_size {maxMessageBytes} -rabbit loopback_users []",
        Image,
    ];

    private async Task<bool> HasEngineAsync(CancellationToken cancellationToken)
    {
        if (commands.Find("docker") is null)
        {
            return false;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EngineTimeout);
        try
        {
            return (await commands.RunAsync("docker", ["version", "--format", "{{.Server.Version}}"], environment: null, limit.Token)).Succeeded;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<int?> FindRunningAsync(string name, CancellationToken cancellationToken)
    {
        var published = await commands.RunAsync("docker", ["port", name, "5672/tcp"], environment: null, cancellationToken);
        var port = published.Output.Split('\n')[0].Split(':')[^1];
        return published.Succeeded && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private Task<CommandResult> RemoveAsync(string name, CancellationToken cancellationToken) =>
        commands.RunAsync("docker", ["rm", "--force", name], environment: null, cancellationToken);

    private static Uri AddressOf(int port) => new($"amqp://guest:guest@127.0.0.1:{port}/");

    private static string NameFor(string dataDirectory)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataDirectory)));
        return $"ragplatform-broker-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}";
    }
}
