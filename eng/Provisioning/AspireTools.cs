using System.Formats.Tar;
using System.IO.Compression;

namespace RagPlatform.Provisioning;

/// <summary>
/// DCP (Aspire's process runner) and the Aspire dashboard, without the Aspire NuGet packages: both travel inside the
/// Aspire command line's npm package, which is fetched with the user's own npm configuration and unpacked once per user.
/// </summary>
public sealed record AspireTools(string DcpPath, string DashboardPath)
{
    public const string Version = "13.5.4";

    /// <summary>Where the tools are, fetching them (127 MB) the first time. Safe under concurrent callers, in this process or others.</summary>
    /// <exception cref="ProvisioningException">npm is missing, or its registry does not hold the package.</exception>
    public static Task<AspireTools> EnsureAsync(IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken) =>
        EnsureAsync(CacheFolder.Path, new MachineCommands(), progress, cancellationToken);

    /// <summary>Where the tools are when they have been fetched before; null when not. Fetches nothing.</summary>
    public static AspireTools? Find() => FindIn(Path.Combine(CacheFolder.Path, "aspire", Version));

    internal static async Task<AspireTools> EnsureAsync(
        string cache, ICommands commands, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        var aspire = Path.Combine(cache, "aspire");
        var home = Path.Combine(aspire, Version);
        if (FindIn(home) is { } before)
        {
            return before;
        }

        using var exclusive = await FileLock.AcquireAsync(
            Path.Combine(aspire, Version + ".lock"),
            () => progress?.Report(new("Another process is fetching the Aspire tools; waiting for it.")),
            cancellationToken);
        if (FindIn(home) is { } meanwhile)
        {
            return meanwhile;
        }

        var package = await AspirePackage.EnsureAsync(aspire, commands, progress, cancellationToken);
        progress?.Report(new("Unpacking DCP and the Aspire dashboard."));
        var staging = Path.Combine(aspire, $".unpacking-{Environment.ProcessId}");
        try
        {
            await UnpackAsync(package, staging, commands, cancellationToken);
            var unpacked = Directory.GetDirectories(Path.Combine(staging, "versions")).Single();
            Directory.Move(unpacked, home);
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException or IOException)
        {
            throw new ProvisioningException($"The Aspire tools cannot be unpacked from {package}: {failure.Message} Delete that file and try again.", failure);
        }
        finally
        {
            DeleteFolder(staging);
        }

        // What is needed from it now lies unpacked; eng/feed/build-feed.cs reads it from there too.
        File.Delete(package);
        return FindIn(home) ?? throw new ProvisioningException($"The Aspire command line {Version} no longer holds DCP and the dashboard where they were expected, under {home}.");
    }

    private static AspireTools? FindIn(string home)
    {
        var ending = OperatingSystem.IsWindows() ? ".exe" : "";
        var tools = new AspireTools(Path.Combine(home, "dcp", "dcp" + ending), Path.Combine(home, "managed", "aspire-managed" + ending));
        return File.Exists(tools.DcpPath) && File.Exists(tools.DashboardPath) ? tools : null;
    }

    /// <summary>The binary unpacks its bundle beside itself: into DIR when it lies at DIR/bin.</summary>
    private static async Task UnpackAsync(string package, string staging, ICommands commands, CancellationToken cancellationToken)
    {
        DeleteFolder(staging);
        var binary = Path.Combine(staging, "bin", OperatingSystem.IsWindows() ? "aspire.exe" : "aspire");
        Directory.CreateDirectory(Path.GetDirectoryName(binary)!);
        await using (var file = File.OpenRead(package))
        await using (var gzip = new GZipStream(file, CompressionMode.Decompress))
        {
            await ExtractAsync(gzip, "package/bin/" + Path.GetFileName(binary), binary, cancellationToken);
        }

        // Its own settings and logs go to a throw-away home: nothing of the user's is touched.
        var home = Directory.CreateDirectory(Path.Combine(staging, "home")).FullName;
        var setup = await commands.RunAsync(
            binary,
            ["setup", "--non-interactive", "--nologo"],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["HOME"] = home,
                ["USERPROFILE"] = home,
                ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
                ["DOTNET_NOLOGO"] = "1",
            },
            cancellationToken);
        if (!setup.Succeeded)
        {
            throw new InvalidDataException($"`aspire setup` failed: {setup.Reason}.");
        }
    }

    private static async Task ExtractAsync(Stream stream, string entryName, string destination, CancellationToken cancellationToken)
    {
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (string.Equals(entry.Name, entryName, StringComparison.Ordinal))
            {
                await entry.ExtractToFileAsync(destination, overwrite: true, cancellationToken);
                return;
            }
        }

        throw new InvalidDataException($"It holds no {entryName}.");
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
