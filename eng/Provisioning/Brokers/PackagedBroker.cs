namespace RagPlatform.Provisioning.Brokers;

/// <summary>Debian's and Ubuntu's rabbitmq-server package, installed first where the user may install packages without being asked.</summary>
internal sealed class PackagedBroker(ICommands commands, IBrokerSource installed, bool isRoot) : IBrokerSource
{
    // RUNLEVEL=1 and no recommended packages: the package must not start a broker of its own on the standard port.
    private static readonly string[] Install = ["env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--no-install-recommends", "rabbitmq-server"];

    public PackagedBroker(ICommands commands, IBrokerSource installed)
        : this(commands, installed, Environment.IsPrivilegedProcess)
    {
    }

    public async Task<BrokerOffer> OfferAsync(BrokerOptions options, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        if (commands.Find("apt-get") is null)
        {
            return BrokerOffer.None("it is no Debian or Ubuntu where it could be installed");
        }

        if (!isRoot && !await MayUseSudoAsync(cancellationToken))
        {
            return BrokerOffer.None("installing it needs root or a passwordless sudo");
        }

        progress?.Report(new("Installing Debian's rabbitmq-server with apt-get (about 100 MB with Erlang, once)."));
        var result = await RunAsRootAsync(Install, cancellationToken);
        if (!result.Succeeded)
        {
            progress?.Report(new("Asking apt-get for newer package lists, then installing again."));
            await RunAsRootAsync(["apt-get", "update"], cancellationToken);
            result = await RunAsRootAsync(Install, cancellationToken);
        }

        return result.Succeeded
            ? await installed.OfferAsync(options, progress, cancellationToken)
            : BrokerOffer.None($"apt-get could not install it: {result.Reason}");
    }

    private async Task<bool> MayUseSudoAsync(CancellationToken cancellationToken) =>
        commands.Find("sudo") is not null
        && (await commands.RunAsync("sudo", ["-n", "true"], environment: null, cancellationToken)).Succeeded;

    private Task<CommandResult> RunAsRootAsync(string[] command, CancellationToken cancellationToken) =>
        isRoot
            ? commands.RunAsync(command[0], command[1..], environment: null, cancellationToken)
            : commands.RunAsync("sudo", ["-n", .. command], environment: null, cancellationToken);
}
