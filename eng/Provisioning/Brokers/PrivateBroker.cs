using System.Diagnostics;
using System.Globalization;

namespace RagPlatform.Provisioning.Brokers;

/// <summary>
/// An installed rabbitmq-server, started as this user on loopback with data, ports and epmd of its own, so that it
/// neither sees nor disturbs a broker of the system.
/// </summary>
internal sealed class PrivateBroker(ICommands commands) : IBrokerSource
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    public async Task<BrokerOffer> OfferAsync(BrokerOptions options, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        if (FindServer() is not { } server)
        {
            return BrokerOffer.None("no rabbitmq-server is installed");
        }

        var data = PrivateBrokerData.In(options.DataDirectory);
        using var exclusive = await FileLock.AcquireAsync(
            Path.Combine(data.Directory, "broker.lock"), () => progress?.Report(new("Another process is starting the broker; waiting for it.")), cancellationToken);
        if (data.FindSupervisor() is { } running)
        {
            using (running)
            {
                if (options.OutlivesCaller && data.FindPort() is { } knownPort
                    && await AmqpProbe.WaitForBrokerAsync(knownPort, options.StartTimeout, () => !running.HasExited, cancellationToken))
                {
                    return BrokerOffer.Of(new BrokerHandle(AddressOf(knownPort), $"RabbitMQ on 127.0.0.1:{knownPort}, already running, its data in {data.Directory}."));
                }
            }

            await StopAsync(options.DataDirectory, cancellationToken);
        }

        data.EndLeftOverNode();
        progress?.Report(new($"Starting a private RabbitMQ ({server})."));
        return await StartAsync(server, data, options, cancellationToken);
    }

    /// <summary>Ends the broker of this folder and waits for its end. False when none runs.</summary>
    public async Task<bool> StopAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        using var supervisor = Directory.Exists(dataDirectory) ? PrivateBrokerData.In(dataDirectory).FindSupervisor() : null;
        if (supervisor is null)
        {
            return false;
        }

        await commands.RunAsync("kill", ["-TERM", supervisor.Id.ToString(CultureInfo.InvariantCulture)], environment: null, cancellationToken);
        await EndAsync(supervisor, cancellationToken);
        return true;
    }

    private async Task<BrokerOffer> StartAsync(string server, PrivateBrokerData data, BrokerOptions options, CancellationToken cancellationToken)
    {
        var ports = LoopbackPorts.FindFree(3);
        data.WriteConfiguration(ports[0], options.MaxMessageBytes);
        var supervisor = Start(server, data, ports, options.OutlivesCaller);
        async ValueTask StopAsync()
        {
            using (supervisor)
            {
                supervisor.StandardInput.Close();
                await EndAsync(supervisor, CancellationToken.None);
            }
        }

        bool answers;
        try
        {
            answers = await AmqpProbe.WaitForBrokerAsync(ports[0], options.StartTimeout, () => !supervisor.HasExited, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await EndStartedAsync();
            throw;
        }

        if (!answers)
        {
            await EndStartedAsync();
            return BrokerOffer.None($"{server} did not come up within {options.StartTimeout.TotalSeconds:0} s, see {data.LogPath}");
        }

        var description = $"A private RabbitMQ on 127.0.0.1:{ports[0]} ({server}), its data in {data.Directory}.";
        if (options.OutlivesCaller)
        {
            supervisor.Dispose();
            return BrokerOffer.Of(new BrokerHandle(AddressOf(ports[0]), description));
        }

        return BrokerOffer.Of(new BrokerHandle(AddressOf(ports[0]), description, StopAsync));

        async Task EndStartedAsync()
        {
            if (options.OutlivesCaller)
            {
                using (supervisor)
                {
                    await this.StopAsync(options.DataDirectory, CancellationToken.None);
                }
            }
            else
            {
                await StopAsync();
            }
        }
    }

    private Process Start(string server, PrivateBrokerData data, int[] ports, bool outlivesCaller)
    {
        using var script = new StreamReader(typeof(PrivateBroker).Assembly.GetManifestResourceStream("private-broker.sh")!);
        List<string> command = ["/bin/sh", "-c", script.ReadToEnd(), "rag-broker", server, data.Directory, outlivesCaller ? "nobody" : "caller"];
        if (commands.Find("setsid") is { } setsid)
        {
            // A session of its own: Ctrl-C at the caller's terminal ends the caller, which then ends the broker in order.
            command.Insert(0, setsid);
        }

        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true };
        foreach (var (name, value) in data.Environment(ports[0], ports[1], ports[2]))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process supervisor, CancellationToken cancellationToken)
    {
        if (!await RecordedProcess.WaitForEndAsync(supervisor, StopTimeout, cancellationToken))
        {
            supervisor.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Debian's and Red Hat's own script first: the one on PATH there insists on the system's broker and its user.</summary>
    private string? FindServer()
    {
        const string Packaged = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        return OperatingSystem.IsWindows() ? null : File.Exists(Packaged) ? Packaged : commands.Find("rabbitmq-server");
    }

    private static Uri AddressOf(int port) => new($"amqp://guest:guest@127.0.0.1:{port}/");
}
