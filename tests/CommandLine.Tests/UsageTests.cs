namespace RagPlatform.CommandLine.Tests;

public sealed class UsageTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    public static TheoryData<string> Commands =>
    [
        "up", "down", "status", "test", "ingest", "search", "ask", "documents", "documents list", "documents show", "documents delete", "models", "models list", "models pull",
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
    [InlineData("ingest - also.md", "- cannot be combined with files.")]
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
