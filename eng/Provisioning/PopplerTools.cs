namespace RagPlatform.Provisioning;

/// <summary>Poppler's pdftotext, with which the ingestion service reads PDF.</summary>
public static class PopplerTools
{
    private const string Program = "pdftotext";

    /// <summary>The installed one; on Debian and Ubuntu with the rights, installed first.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="ProvisioningException">It is not there and cannot be installed; the message says what to install.</exception>
    public static Task<string> EnsureAsync(IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        var commands = new MachineCommands();
        return EnsureAsync(commands, new DebianPackages(commands), progress, cancellationToken);
    }

    internal static async Task<string> EnsureAsync(ICommands commands, DebianPackages packages, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        if (commands.Find(Program) is { } installed)
        {
            return installed;
        }

        var reason = await packages.InstallAsync("poppler-utils", "about 10 MB", progress, cancellationToken) ?? "its package does not hold it";
        return commands.Find(Program)
            ?? throw new ProvisioningException($"No {Program} can be had here: install poppler (Debian, Ubuntu: sudo apt-get install poppler-utils; macOS: brew install poppler) ({reason}).");
    }
}
