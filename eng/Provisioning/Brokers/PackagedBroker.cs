namespace RagPlatform.Provisioning.Brokers;

/// <summary>Debian's and Ubuntu's rabbitmq-server package, installed first where the user may install packages without being asked.</summary>
internal sealed class PackagedBroker(DebianPackages packages, IBrokerSource installed) : IBrokerSource
{
    public PackagedBroker(ICommands commands, IBrokerSource installed)
        : this(new DebianPackages(commands), installed)
    {
    }

    public PackagedBroker(ICommands commands, IBrokerSource installed, bool isRoot)
        : this(new DebianPackages(commands, isRoot), installed)
    {
    }

    public async Task<BrokerOffer> OfferAsync(BrokerOptions options, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken) =>
        await packages.InstallAsync("rabbitmq-server", "about 100 MB with Erlang", progress, cancellationToken) is { } reason
            ? BrokerOffer.None(reason)
            : await installed.OfferAsync(options, progress, cancellationToken);
}
