using RagPlatform.CommandLine.Watch;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests.Watch;

public sealed class FolderScanTests : IDisposable
{
    private readonly TestFolder folder = new();

    [Fact]
    public void Read_FoldersLinksAndOtherFiles_FindsEachDocumentOnce()
    {
        Write("a.md", "1");
        Write("deep/er/b.md", "22");
        Write("deep/picture.png", "x");
        Write(".hidden/c.md", "3");
        File.CreateSymbolicLink(folder.File("link.md"), folder.File("deep/er/b.md"));
        File.CreateSymbolicLink(folder.File("nowhere.md"), folder.File("missing.md"));
        File.CreateSymbolicLink(folder.File("self.md"), folder.File("self.md"));
        Directory.CreateSymbolicLink(folder.File("deep/loop"), folder.Path);
        Directory.CreateSymbolicLink(folder.File("folder.md"), folder.File("deep"));

        var scan = Read();

        scan.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(["a.md", "deep/er/b.md", "link.md"]);
        scan.Files["link.md"].Stamp.ShouldBe(scan.Files["deep/er/b.md"].Stamp);
        scan.Hides("self.md").ShouldBe(scan.Unreadable.ContainsKey("self.md"));
    }

    [Fact]
    public void Read_FolderThatIsNotThere_HidesAll()
    {
        var scan = FolderScan.Read(folder.File("gone"), new PathRules([], []), CancellationToken.None);

        scan.Files.ShouldBeEmpty();
        scan.Hides("any/file.md").ShouldBeTrue();
        scan.Hides("file.md").ShouldBeTrue();
    }

    [Theory]
    [InlineData("a/b/c.md", true)]
    [InlineData("a/b", true)]
    [InlineData("a/bc.md", false)]
    [InlineData("c.md", false)]
    public void Hides_UnreadableFolder_AllBelowItAndNothingElse(string path, bool expected) =>
        new FolderScan(new Dictionary<string, ScannedFile>(), new Dictionary<string, string> { ["a/b"] = "no" }).Hides(path).ShouldBe(expected);

    public void Dispose() => folder.Dispose();

    private FolderScan Read() => FolderScan.Read(folder.Path, new PathRules([], []), CancellationToken.None);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), text);
    }
}
