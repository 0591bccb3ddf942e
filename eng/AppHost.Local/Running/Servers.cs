using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using RagPlatform.Provisioning;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>The servers that the services use: given by connection string, or provided on this machine for this run.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private readonly Dictionary<string, string> connectionStrings = new(StringComparer.Ordinal);
    private readonly List<BrokerHandle> brokers = [];

    public IReadOnlyDictionary<string, string> ConnectionStrings => connectionStrings;

    /// <exception cref="ProvisioningException">No broker can be had; the message says what to install.</exception>
    /// <exception cref="SettingsException">Containers cannot be started here, and the server is not given either.</exception>
    public async Task ProvideAsync(
        Model model, IConfiguration configuration, LocalOptions options, IProgress<ProvisioningProgress> progress, CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.Where(resource => resource is IResourceWithConnectionString))
        {
            connectionStrings[resource.Name] = resource switch
            {
                RabbitMQServerResource => await ProvideBrokerAsync(Path.Combine(options.DataDirectory, resource.Name), progress, cancellationToken),
                ContainerResource => throw new SettingsException(
                    $"'{resource.Name}' is a container, which AppHost.Local cannot start: start one yourself and set ConnectionStrings__{resource.Name}, or run AppHost with the Aspire packages."),
                _ => configuration.GetConnectionString(resource.Name)!,
            };
        }
    }

    /// <summary>Shows whether each server accepts connections, until cancelled.</summary>
    public Task WatchAsync(ResourceBoard board, TimeProvider time, CancellationToken cancellationToken) =>
        Task.WhenAll(connectionStrings.Select(server => HealthProbe.WatchAsync(
            token => Uri.TryCreate(server.Value, UriKind.Absolute, out var address) ? HealthProbe.TcpAsync(address, token) : Task.FromResult<string?>(null),
            (isHealthy, description) => board.Update(server.Key, current => current with
            {
                State = ResourceStates.Running, IsHealthy = isHealthy, HealthDescription = description,
            }),
            time,
            cancellationToken)).Append(Task.Delay(Timeout.Infinite, cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in brokers)
        {
            await broker.DisposeAsync();
        }
    }

    private async Task<string> ProvideBrokerAsync(string dataDirectory, IProgress<ProvisioningProgress> progress, CancellationToken cancellationToken)
    {
        var broker = await Broker.ProvideAsync(new BrokerOptions { DataDirectory = dataDirectory }, progress, cancellationToken);
        brokers.Add(broker);
        progress.Report(new ProvisioningProgress(broker.Description));
        return broker.ConnectionString.AbsoluteUri;
    }
}
