using RagPlatform.CommandLine.Ingest;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class InputFilesTests : IDisposable
{
    private readonly TestFolder folder = new();

    public InputFilesTests()
    {
        foreach (var file in new[] { "README.md", "docs/guide.md", "docs/deep/page.html", "docs/deep/notes.txt", "docs/picture.png", "docs/.hidden/secret.md", "docs/node_modules/package/readme.md", "odd [name].md" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
            File.WriteAllText(folder.File(file), file);
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Expand_FileAndFolder_TakesTheFileAndEveryDocumentBelowTheFolder() =>
        Ids("README.md", "docs").ShouldBe(["README.md", "docs/guide.md", "docs/deep/notes.txt", "docs/deep/page.html"]);

    [Theory]
    [InlineData("*.md", new[] { "README.md", "odd [name].md" })]
    [InlineData("docs/*.md", new[] { "docs/guide.md" })]
    [InlineData("**/*.md", new[] { "README.md", "odd [name].md", "docs/guide.md" })]
    [InlineData("docs/**", new[] { "docs/guide.md", "docs/picture.png", "docs/deep/notes.txt", "docs/deep/page.html" })]
    [InlineData("docs/**/page.htm?", new[] { "docs/deep/page.html" })]
    [InlineData("d*/d??p/*", new[] { "docs/deep/notes.txt", "docs/deep/page.html" })]
    public void Expand_Pattern_MatchesWithinFoldersAndThroughThem(string pattern, string[] expected) =>
        Ids(pattern).ShouldBe(expected);

    [Fact]
    public void Expand_NamedTwice_ComesOnce() =>
        Ids("README.md", "*.md", "./README.md").ShouldBe(["README.md", "odd [name].md"]);

    [Fact]
    public void Expand_FileWithAnotherEnding_IsTakenWhenNamed() =>
        Ids("docs/picture.png").ShouldBe(["docs/picture.png"]);

    [Fact]
    public void Expand_NameWithBrackets_IsAFileAndNoPattern() =>
        Ids("odd [name].md").ShouldBe(["odd [name].md"]);

    [Fact]
    public void Expand_FromAnotherFolder_IdsArePathsFromThere()
    {
        var files = InputFiles.Expand(["../README.md", "deep"], folder.File("docs"));

        files.Select(file => file.Id).ShouldBe(["../README.md", "deep/notes.txt", "deep/page.html"]);
        files[0].Uri.IsFile.ShouldBeTrue();
        files[0].Uri.LocalPath.ShouldBe(folder.File("README.md"));
    }

    [Theory]
    [InlineData("absent.md", "absent.md does not exist.")]
    [InlineData("*.pdf", "*.pdf matches no file.")]
    [InlineData("nowhere/*.md", "nowhere/*.md matches no file.")]
    public void Expand_NothingThere_SaysWhatWasLookedFor(string name, string message) =>
        Should.Throw<CommandException>(() => InputFiles.Expand([name], folder.Path)).Message.ShouldBe(message);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Expand_EmptyName_IsWrongUsageAndNotTheCurrentFolder(string name) =>
        Should.Throw<CommandException>(() => InputFiles.Expand(["README.md", name], folder.Path)).ExitCode.ShouldBe(ExitCode.Usage);

    [Fact]
    public void Expand_FolderWithoutDocuments_SaysWhichEndingsWereLookedFor()
    {
        Directory.CreateDirectory(folder.File("empty"));

        var failure = Should.Throw<CommandException>(() => InputFiles.Expand(["empty"], folder.Path));

        failure.Message.ShouldBe("empty holds no documents.");
        failure.Remedy.ShouldNotBeNull().ShouldContain("*.markdown, *.txt");
        failure.Remedy.ShouldContain("*.docx");
    }

    private string[] Ids(params string[] named) => [.. InputFiles.Expand(named, folder.Path).Select(file => file.Id)];
}
