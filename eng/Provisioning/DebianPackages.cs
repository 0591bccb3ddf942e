namespace RagPlatform.Provisioning;

/// <summary>Packages of Debian and Ubuntu, installed where the user may do so without being asked.</summary>
internal sealed class DebianPackages(ICommands commands, bool isRoot)
{
    public DebianPackages(ICommands commands)
        : this(commands, Environment.IsPrivilegedProcess)
    {
    }

    /// <param name="package">Its name.</param>
    /// <param name="size">For people who wait, such as "about 2 MB".</param>
    /// <param name="progress">Told before each step.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it could not be installed; null when it was.</returns>
    public async Task<string?> InstallAsync(string package, string size, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        if (commands.Find("apt-get") is null)
        {
            return "it is no Debian or Ubuntu where it could be installed";
        }

        if (!isRoot && !await MayUseSudoAsync(cancellationToken))
        {
            return "installing it needs root or a passwordless sudo";
        }

        // RUNLEVEL=1 and no recommended packages: a package must not start a server of its own.
        string[] install = ["env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--no-install-recommends", package];
        progress?.Report(new($"Installing Debian's {package} with apt-get ({size}, once)."));
        var result = await RunAsRootAsync(install, cancellationToken);
        if (!result.Succeeded)
        {
            progress?.Report(new("Asking apt-get for newer package lists, then installing again."));
            await RunAsRootAsync(["apt-get", "update"], cancellationToken);
            result = await RunAsRootAsync(install, cancellationToken);
        }

        return result.Succeeded ? null : $"apt-get could not install it: {result.Reason}";
    }

    private async Task<bool> MayUseSudoAsync(CancellationToken cancellationToken) =>
        commands.Find("sudo") is not null
        && (await commands.RunAsync("sudo", ["-n", "true"], environment: null, cancellationToken)).Succeeded;

    private Task<CommandResult> RunAsRootAsync(string[] command, CancellationToken cancellationToken) =>
        isRoot
            ? commands.RunAsync(command[0], command[1..], environment: null, cancellationToken)
            : commands.RunAsync("sudo", ["-n", .. command], environment: null, cancellationToken);
}
