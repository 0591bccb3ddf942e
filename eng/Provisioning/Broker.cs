using RagPlatform.Provisioning.Brokers;

namespace RagPlatform.Provisioning;

/// <summary>Provides a RabbitMQ broker from the first source that has one.</summary>
public static class Broker
{
    /// <summary>
    /// In this order: the broker that <c>ConnectionStrings__rabbitmq</c> names; a container where a Docker engine answers;
    /// an installed rabbitmq-server, started privately; on Debian and Ubuntu with the rights, the same after installing it.
    /// </summary>
    /// <exception cref="ProvisioningException">None of them can; the message says what to install.</exception>
    public static Task<BrokerHandle> ProvideAsync(
        BrokerOptions options, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        var commands = new MachineCommands();
        var installed = new PrivateBroker(commands);
        return ProvideAsync(
            options,
            [new NamedBroker(), new ContainerBroker(commands), installed, new PackagedBroker(commands, installed)],
            progress,
            cancellationToken);
    }

    internal static async Task<BrokerHandle> ProvideAsync(
        BrokerOptions options, IReadOnlyList<IBrokerSource> sources, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        foreach (var source in sources)
        {
            var offer = await source.OfferAsync(options, progress, cancellationToken);
            if (offer.Broker is { } broker)
            {
                return broker;
            }

            reasons.Add(offer.Reason!);
        }

        throw new ProvisioningException(
            "No RabbitMQ broker can be had here: install rabbitmq-server (Debian, Ubuntu: sudo apt-get install rabbitmq-server), " +
            $"start Docker, or set {NamedBroker.Variable} to a broker's amqp:// address ({string.Join("; ", reasons)}).");
    }

    /// <summary>Ends the broker that was started for this folder with <see cref="BrokerOptions.OutlivesCaller"/>. False when none runs.</summary>
    public static async Task<bool> StopAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var commands = new MachineCommands();
        var stoppedPrivate = await new PrivateBroker(commands).StopAsync(dataDirectory, cancellationToken);
        var stoppedContainer = await new ContainerBroker(commands).StopAsync(dataDirectory, cancellationToken);
        return stoppedPrivate || stoppedContainer;
    }
}
