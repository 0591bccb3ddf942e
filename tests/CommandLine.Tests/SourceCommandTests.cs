namespace RagPlatform.CommandLine.Tests;

public sealed class SourceCommandTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    [Fact]
    public async Task Add_Pages_FromOptionsAndAFile_SaysWhatBecameOfThem()
    {
        File.WriteAllText(rag.Folder.File("urls.txt"), "# laws\nhttps://example.com/a\n\n  https://example.com/b\n");

        var ran = await rag.RunAsync("sources", "add", "law", "--url", "https://example.com/c", "--urls-from", "urls.txt", "-c", "laws", "--every", "6h", "--grace", "0", "-m", "lang=de");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        ran.Out.Trim().ShouldBe("law: succeeded, 3 of 3 pages: 3 changed in the collection laws.");
        var source = rag.Gateway.WebSources["law"];
        source.Urls.ShouldBe(["https://example.com/c", "https://example.com/a", "https://example.com/b"]);
        (source.CrawlIntervalSeconds, source.HasRemovalGraceSeconds, source.RemovalGraceSeconds, source.Metadata["lang"]).ShouldBe((21_600, true, 0, "de"));
    }

    [Fact]
    public async Task Add_PageThatFails_IsTheExitCodeAndItsReasonIsShown()
    {
        var ran = await rag.RunAsync("sources", "add", "bad", "--url", "https://example.com/broken", "--url", "https://example.com/good");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Err.ShouldContain("https://example.com/broken answered 500.");
        ran.Err.ShouldContain("Mend it.");
        ran.Out.ShouldContain("1 changed, 1 failed");
        rag.Gateway.WebSources["bad"].HasRemovalGraceSeconds.ShouldBeFalse();
    }

    [Fact]
    public async Task Source_FromAddToRemove_IsShownAndListed()
    {
        await rag.RunAsync("sources", "add", "site", "--url", "https://example.com/x");

        (await rag.RunAsync("sources", "crawl", "site")).Out.ShouldContain("1 unchanged");
        (await rag.RunAsync("sources", "list")).Lines.ShouldContain(line => line.StartsWith("site", StringComparison.Ordinal) && line.Contains("succeeded", StringComparison.Ordinal));
        (await rag.RunAsync("sources", "show", "site", "--json")).Json.GetProperty("pages")[0].GetProperty("state").GetString().ShouldBe("changed");
        (await rag.RunAsync("sources", "remove", "site", "--documents")).Out.Trim().ShouldBe("Removed site with 1 page; their documents are being deleted.");
        var gone = await rag.RunAsync("sources", "show", "site");
        gone.ExitCode.ShouldBe(ExitCode.NothingFound);
        gone.Err.ShouldContain("there is no source 'site'");
    }
}
