using System.Runtime.InteropServices;

namespace RagPlatform.Provisioning;

/// <summary>The Aspire command line's npm package for this machine, as a file in the cache; eng/feed/build-feed.cs looks for the same file.</summary>
internal static class AspirePackage
{
    public static async Task<string> EnsureAsync(
        string folder, ICommands commands, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        var name = $"@microsoft/aspire-cli-{PlatformName()}";
        var package = Path.Combine(folder, $"microsoft-aspire-cli-{PlatformName()}-{AspireTools.Version}.tgz");
        if (File.Exists(package))
        {
            return package;
        }

        var npm = commands.Find("npm")
            ?? throw new ProvisioningException($"The Aspire dashboard and DCP come from npm's {name}, and npm is not installed: install Node.js with npm.");
        progress?.Report(new($"Fetching the Aspire tools from npm: {name} {AspireTools.Version} (about 127 MB, once per user)."));

        var download = Directory.CreateDirectory(Path.Combine(folder, $".downloading-{Environment.ProcessId}")).FullName;
        try
        {
            var packed = await commands.RunAsync(
                npm, ["pack", $"{name}@{AspireTools.Version}", "--silent", "--pack-destination", download], environment: null, cancellationToken);
            var file = Directory.GetFiles(download, "*.tgz").SingleOrDefault();
            if (!packed.Succeeded || file is null)
            {
                throw new ProvisioningException($"npm cannot fetch {name} {AspireTools.Version}, which holds the Aspire dashboard and DCP ({packed.Reason}): check npm's registry setting and the network.");
            }

            File.Move(file, package, overwrite: true);
            return package;
        }
        finally
        {
            Directory.Delete(download, recursive: true);
        }
    }

    /// <summary>.NET's short runtime identifier, which is how the npm packages are named.</summary>
    private static string PlatformName()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => $"{system}-x64",
            Architecture.Arm64 => $"{system}-arm64",
            var other => throw new ProvisioningException($"The Aspire dashboard and DCP are published for x64 and arm64 processors only, not for {other}."),
        };
    }
}
