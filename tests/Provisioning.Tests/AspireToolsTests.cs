using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using RagPlatform.TestKit;

namespace RagPlatform.Provisioning.Tests;

public sealed class AspireToolsTests
{
    private static readonly string BinaryName = OperatingSystem.IsWindows() ? "aspire.exe" : "aspire";

    [Fact]
    public async Task Ensure_NpmMissing_FailsWithOneSentenceThatNamesIt()
    {
        using var cache = new TestFolder();

        var failure = await Should.ThrowAsync<ProvisioningException>(() => AspireTools.EnsureAsync(cache.Path, new FakeCommands(), null, CancellationToken.None));

        failure.Message.ShouldEndWith("npm is not installed: install Node.js with npm.");
    }

    [Fact]
    public async Task Ensure_RegistryLacksThePackage_FailsWithNpmsReason()
    {
        using var cache = new TestFolder();
        var commands = new FakeCommands("npm").Answers("npm pack", 1, error: "npm error 404 Not Found");

        var failure = await Should.ThrowAsync<ProvisioningException>(() => AspireTools.EnsureAsync(cache.Path, commands, null, CancellationToken.None));

        failure.Message.ShouldContain("404 Not Found");
    }

    [Fact]
    public async Task Ensure_ManyAtOnce_FetchesAndUnpacksOnce()
    {
        using var cache = new TestFolder();
        var commands = new FakeCommands("npm") { OnRun = ActAsNpmAndAspire };

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => AspireTools.EnsureAsync(cache.Path, commands, null, CancellationToken.None)))).WaitAsync(TimeSpan.FromSeconds(30));

        all.Distinct().ShouldHaveSingleItem();
        File.Exists(all[0].DcpPath).ShouldBeTrue();
        File.Exists(all[0].DashboardPath).ShouldBeTrue();
        commands.Ran.Count(line => line.StartsWith("npm ", StringComparison.Ordinal)).ShouldBe(1);
        Directory.GetFiles(cache.Path, "*.tgz", SearchOption.AllDirectories).ShouldBeEmpty("the package is not kept beside what came out of it");
    }

    [Fact]
    public async Task Ensure_SetupFails_LeavesNothingThatLooksComplete()
    {
        using var cache = new TestFolder();
        var commands = new FakeCommands("npm") { OnRun = ActAsNpm };

        await Should.ThrowAsync<ProvisioningException>(() => AspireTools.EnsureAsync(cache.Path, commands, null, CancellationToken.None));

        Directory.GetDirectories(Path.Combine(cache.Path, "aspire")).ShouldBeEmpty();
    }

    private static void ActAsNpmAndAspire(string program, IReadOnlyList<string> arguments)
    {
        ActAsNpm(program, arguments);
        if (arguments[0] == "setup")
        {
            var ending = OperatingSystem.IsWindows() ? ".exe" : "";
            var version = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(program))!, "versions", "13.5.4_abc");
            foreach (var file in new[] { Path.Combine(version, "dcp", "dcp" + ending), Path.Combine(version, "managed", "aspire-managed" + ending) })
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, "");
            }
        }
    }

    private static void ActAsNpm(string program, IReadOnlyList<string> arguments)
    {
        if (program != "npm")
        {
            return;
        }

        using var file = File.Create(Path.Combine(arguments[^1], "package.tgz"));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "package/bin/" + BinaryName) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("binary")) });
    }
}
