namespace RagPlatform.CommandLine.Tests;

public sealed class UsageTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    public static TheoryData<string> Commands =>
    [
        "up", "down", "status", "test", "ingest", "watch", "sources", "sources add", "sources list", "sources show", "sources crawl", "sources remove", "search", "ask", "facets", "documents", "documents list", "documents show", "documents delete", "models", "models list", "models show", "models pull", "models verify", "models remove",
        "collections", "collections list", "collections show", "collections create", "collections update", "collections delete", "collections alias", "collections unalias",
        "collections rebuild", "collections move", "collections watch", "collections cancel", "collections snapshot", "collections restore",
        "eval", "eval retrieval", "eval history", "eval compare",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_EveryCommand_EndsWithAnExampleOfItself(string command)
    {
        var ran = await rag.RunAsync([.. command.Split(' '), "--help"]);

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Lines.ShouldContain(line => line.StartsWith("Example", StringComparison.Ordinal));
        ran.Lines[^1].ShouldContain($"rag {command}");
        ran.Err.ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_Root_DocumentsTheExitCodes()
    {
        var ran = await rag.RunAsync("--help");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Out.ShouldContain(ExitCode.Explanation);
    }

    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("ask", "'ask'")]
    [InlineData("frobnicate", "rag: Unrecognized")]
    [InlineData("search x --top many", "as a whole number")]
    [InlineData("search x --top many", "many")]
    [InlineData("documents list --state nowhere", "nowhere")]
    [InlineData("documents list --limit 0", "--limit must be at least 1.")]
    [InlineData("ingest", "'ingest'")]
    [InlineData("watch", "'watch'")]
    [InlineData("sources add site", "no pages are named.")]
    [InlineData("sources add site --sitemap https://a/ --url https://b/", "a sitemap and pages are both named.")]
    [InlineData("sources add site --url https://b/ --every often", "'often' is no time")]
    [InlineData("sources show site --state lost", "lost")]
    [InlineData("watch . --rescan 0", "--rescan is 0; it must be 1 to 86400.")]
    [InlineData("watch . --metadata rag.source=me", "what rag watch knows its documents by")]
    [InlineData("ingest - also.md", "- cannot be combined with files.")]
    [InlineData("search x --filter year>=", "--filter, character 7: the filter ends where it needs a value")]
    [InlineData("search x --filter (year>=2020", "character 12: the filter ends where it needs )")]
    [InlineData("ask x --filter lang>de", "character 6: > compares numbers and dates")]
    [InlineData("facets lang --filter &", "character 1: '&' has no meaning here")]
    [InlineData("search x --vector-weight 2", "--vector-weight is 2; it must be 0 to 1.")]
    [InlineData("search x --diversity NaN", "--diversity is NaN; it must be 0 to 1.")]
    [InlineData("search x --vector-weight half", "'half'")]
    [InlineData("search x --vector-weight half", "as a number")]
    [InlineData("search x --fusion best", "best")]
    [InlineData("facets", "'facets'")]
    [InlineData("collections move docs", "--to")]
    [InlineData("collections move docs --to paper", "paper")]
    [InlineData("collections update docs", "Give --fusion, --vector-weight, --rerank, --rerank-candidates, --chunking, --chunk-tokens, --chunk-overlap, --parent-tokens or --reset.")]
    [InlineData("collections delete", "'delete'")]
    [InlineData("status --gateway 127.0.0.1:7600", "127.0.0.1:7600")]
    public async Task WrongUsage_IsExitCodeTwoAndNamesTheMistakeOnStandardError(string line, string named)
    {
        var ran = await rag.RunAsync(line.Split(' '));

        ran.ExitCode.ShouldBe(ExitCode.Usage);
        ran.Err.ShouldContain(named);
        ran.Err.Trim().Split('\n').Length.ShouldBeLessThanOrEqualTo(2);
        ran.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Down_NothingRuns_IsNoFailure()
    {
        var ran = await rag.RunAsync("down");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Out.Trim().ShouldBe("The platform is not running.");
    }

    [Fact]
    public async Task Up_NothingIsBuilt_SaysWhatToBuild()
    {
        var ran = await rag.RunAsync("up");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Err.ShouldContain("RagPlatform.Standalone.dll has not been built.");
        ran.Err.ShouldContain("dotnet build RagPlatform.sln");
    }
}
