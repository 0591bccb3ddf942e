using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

/// <summary>The script at the root of the checkout, with a dotnet that only writes down what it is asked.</summary>
public sealed class RagScriptTests : IDisposable
{
    private const string FakeDotnet = """
        #!/bin/sh
        case $1 in
          --list-sdks) echo "$SDKS" ;;
          build) echo build >>"$RAN"; echo "$*" >"$RAN.build"; until [ -z "${GO:-}" ] || [ -e "$GO" ]; do sleep 0.05; done; [ -z "${BREAK:-}" ] || { echo "Program.cs(1,1): error CS1001: broken"; exit 1; } ;;
          *) shift; echo "run $RAG_ROOT $*" >>"$RAN" ;;
        esac
        """;

    private readonly TestFolder folder = new();
    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);

    public RagScriptTests()
    {
        Write("checkout/rag", File.ReadAllText(Path.Combine(Root(), "rag")), executable: true);
        Write("checkout/services/Some/Program.cs", "source");
        Write("checkout/clients/rag/bin/Release/net10.0/rag.dll", "program");
        Write("bin/dotnet", FakeDotnet, executable: true);
        environment["PATH"] = $"{folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        environment["RAN"] = folder.File("ran");
        environment["SDKS"] = "10.0.100 [somewhere]";
    }

    public void Dispose() => folder.Dispose();

    [UnixFact]
    public async Task Rag_SourcesUnchanged_BuildsOnceAndPassesArguments()
    {
        await RunAsync("ask", "two words");
        await RunAsync("status");

        Ran().ShouldBe(["build", $"run {folder.File("checkout")} ask two words", $"run {folder.File("checkout")} status"]);
    }

    [UnixTheory]
    [InlineData("changed")]
    [InlineData("added")]
    [InlineData("deleted")]
    public async Task Rag_SourceChangedAddedOrDeleted_BuildsAgain(string what)
    {
        Write("checkout/services/Some/Other.cs", "source");
        await RunAsync("status");
        switch (what)
        {
            case "changed":
                File.SetLastWriteTimeUtc(folder.File("checkout/services/Some/Other.cs"), new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc));
                break;
            case "added":
                Write("checkout/services/Some/New.cs", "source");
                break;
            case "deleted":
                File.Delete(folder.File("checkout/services/Some/Other.cs"));
                break;
        }

        await RunAsync("status");

        Ran().Count(line => line == "build").ShouldBe(2);
    }

    [UnixFact]
    public async Task Rag_OutputsAndDataChanged_DoesNotBuild()
    {
        await RunAsync("status");
        Write("checkout/services/Some/bin/Some.json", "output");
        Write("checkout/services/Some/obj/Some.cs", "output");
        Write("checkout/data/run.json", "data");
        await RunAsync("status");

        Ran().Count(line => line == "build").ShouldBe(1);
    }

    [UnixFact]
    public async Task Rag_SourcesChangedWhileThePlatformRuns_LeavesItsFilesAlone()
    {
        await RunAsync("status");
        Write("checkout/data/run.json", $"{{\n  \"mode\": \"standalone\",\n  \"pid\": {Environment.ProcessId},\n}}");
        Write("checkout/services/Some/New.cs", "source");

        var down = await RunAsync("down");
        var test = await RunAsync("test");

        down.Error.ShouldContain("The sources have changed since the running platform was built");
        test.ExitCode.ShouldBe(1);
        test.Error.ShouldContain("Stop it first");
        Ran().ShouldBe(["build", $"run {folder.File("checkout")} status", $"run {folder.File("checkout")} down"]);
    }

    [UnixFact]
    public async Task Rag_SourcesChangedAfterThePlatformDied_Builds()
    {
        await RunAsync("status");
        Write("checkout/data/run.json", $"{{\n  \"mode\": \"standalone\",\n  \"pid\": {int.MaxValue},\n}}");
        Write("checkout/services/Some/New.cs", "source");

        await RunAsync("up");

        Ran().Count(line => line == "build").ShouldBe(2);
    }

    [UnixFact]
    public async Task Rag_ThroughALinkFromElsewhere_FindsItsCheckout()
    {
        File.CreateSymbolicLink(folder.File("bin/rag"), "../checkout/rag");

        await RunAsync(folder.File("bin/rag"), "status");

        Ran()[^1].ShouldBe($"run {folder.File("checkout")} status");
    }

    [UnixFact]
    public async Task Rag_BuildFails_ShowsTheErrorAndRunsNothing()
    {
        environment["BREAK"] = "yes";

        var (exitCode, error) = await RunAsync("status");

        exitCode.ShouldBe(1);
        error.ShouldContain("error CS1001: broken");
        error.ShouldContain("rag: the build failed, see artifacts/build.log.");
        Ran().ShouldBe(["build"]);
    }

    [UnixFact]
    public async Task Rag_TwoAtOnce_TheSecondWaitsForTheBuildOfTheFirst()
    {
        environment["GO"] = folder.File("go");
        using var first = Start(folder.File("checkout/rag"), "first");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(Ran() is ["build"]), "the first builds");
        using var second = Start(folder.File("checkout/rag"), "second");

        (await second.StandardError.ReadLineAsync().WithTimeout("the second waits")).ShouldBe($"Another rag (process {first.Id}) is building RagPlatform; waiting for it.");
        Write("go", "");
        await first.WaitForExitAsync().WithTimeout("the first");
        await second.WaitForExitAsync().WithTimeout("the second");

        Ran().Count(line => line == "build").ShouldBe(1);
        Ran().Count(line => line.StartsWith("run", StringComparison.Ordinal)).ShouldBe(2);
    }

    [UnixTheory]
    [InlineData("")]
    [InlineData("yes")]
    public async Task Rag_BuildEnds_EndsItsOwnCompilerAndNoOther(string isBroken)
    {
        environment["BREAK"] = isBroken;
        environment["SDKS"] = $"10.0.100 [{folder.File("the sdks")}]";
        Write("the sdks/10.0.100/Roslyn/bincore/VBCSCompiler.dll", "compiler");

        await RunAsync("status");

        var compiler = File.ReadAllText(folder.File("ran.build")).Trim().Split("-p:SharedCompilationId=")[1];
        compiler.ShouldStartWith("ragplatform-build-");
        Ran()[1].ShouldBe($"run {folder.File("checkout")} -pipename:{compiler} -shutdown");
    }

    [UnixFact]
    public async Task Rag_LockOfADeadProcess_IsVoid()
    {
        Directory.CreateDirectory(folder.File("checkout/artifacts"));
        File.CreateSymbolicLink(folder.File("checkout/artifacts/build.lock"), int.MaxValue.ToString(CultureInfo.InvariantCulture));

        (await RunAsync("status")).ExitCode.ShouldBe(0);

        Ran().ShouldBe(["build", $"run {folder.File("checkout")} status"]);
        new FileInfo(folder.File("checkout/artifacts/build.lock")).LinkTarget.ShouldBeNull();
    }

    [UnixFact]
    public async Task Rag_BuildFails_ReleasesItsLock()
    {
        environment["BREAK"] = "yes";

        await RunAsync("status");

        new FileInfo(folder.File("checkout/artifacts/build.lock")).LinkTarget.ShouldBeNull();
    }

    private Task<(int ExitCode, string Error)> RunAsync(string argument) => RunAsync(folder.File("checkout/rag"), argument);

    private async Task<(int ExitCode, string Error)> RunAsync(string first, params string[] rest)
    {
        using var process = first.Contains('/') ? Start(first, rest) : Start(folder.File("checkout/rag"), [first, .. rest]);
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WithTimeout("the script");
        return (process.ExitCode, await error);
    }

    private Process Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(script, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove("RAG_ROOT");
        start.Environment.Remove("DOTNET_ROOT");
        start.Environment["HOME"] = folder.Path;
        return Process.Start(start)!;
    }

    private string[] Ran() => File.Exists(folder.File("ran")) ? File.ReadAllLines(folder.File("ran")) : [];

    private void Write(string name, string content, bool executable = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), content.ReplaceLineEndings("\n"));
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));

    private sealed class UnixFactAttribute() : RequiresFactAttribute(!OperatingSystem.IsWindows(), "the script is for Unix; Windows has rag.cmd");

    private sealed class UnixTheoryAttribute : TheoryAttribute
    {
        public UnixTheoryAttribute()
        {
            if (OperatingSystem.IsWindows())
            {
                Skip = "the script is for Unix; Windows has rag.cmd";
            }
        }
    }
}
