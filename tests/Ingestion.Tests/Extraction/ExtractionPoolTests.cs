using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Extraction;

/// <summary>The real worker, and programs that do to their parent what hostile documents do to a reader.</summary>
public sealed class ExtractionPoolTests
{
    private const string Paragraph = "The pump of unit 7 was replaced in March, and its log is kept by Dr. Smith.\n\n";

    private static readonly DocumentSource Large = Text(ExtractionPool.MaxBytesReadHere + 1);

    [Fact]
    public async Task Extract_LargeDocument_ComesWholeOutOfAWorker()
    {
        using var pool = Pool(WorkerCommand.OfThisProgram());

        var document = await pool.ExtractAsync(Large, CancellationToken.None).WithTimeout("the worker's answer");

        document.Text.Length.ShouldBe(Large.Content.Length);
        document.Blocks.Count.ShouldBe(new DocumentExtractor().Extract(Large, CancellationToken.None).Blocks.Count);
    }

    [Fact]
    public async Task Extract_WorkerFindsTheDocumentUnreadable_SaysSoAsIfReadHere()
    {
        using var pool = Pool(WorkerCommand.OfThisProgram());
        var source = new DocumentSource(Enumerable.Repeat((byte)' ', ExtractionPool.MaxBytesReadHere + 1).ToArray(), ContentTypes.PlainText);

        var failure = await Should.ThrowAsync<ExtractionException>(pool.ExtractAsync(source, CancellationToken.None).WithTimeout("the worker's answer"));

        failure.Code.ShouldBe(ExtractionErrorCode.NoText);
        failure.Remedy.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Extract_ManyAtOnce_EachGetsItsOwn()
    {
        using var pool = Pool(WorkerCommand.OfThisProgram());
        var sources = Enumerable.Range(0, 12).Select(index => Text(ExtractionPool.MaxBytesReadHere + 1, $"Document {index}.\n\n")).ToList();

        var documents = await Task.WhenAll(sources.Select(source => pool.ExtractAsync(source, CancellationToken.None))).WithTimeout("all answers");

        documents.Select(document => document.Text.Split('\n')[0]).ShouldBe(Enumerable.Range(0, 12).Select(index => $"Document {index}."));
    }

    [UnixFact]
    public async Task Extract_WorkerHangs_IsKilledWithItsChildren_AndTimedOut()
    {
        using var folder = new TestFolder();
        var pidFile = Path.Combine(folder.Path, "child");
        using var pool = Pool(Shell($"sleep 1000 & echo $! > {pidFile}; wait"), timeoutSeconds: 1);

        var failure = await Should.ThrowAsync<ExtractionException>(pool.ExtractAsync(Large, CancellationToken.None).WithTimeout("the time limit"));

        failure.Code.ShouldBe(ExtractionErrorCode.TimedOut);
        failure.Message.ShouldContain("1 seconds");
        failure.Remedy.ShouldContain("ExtractionTimeoutSeconds");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(!IsRunning(pidFile)), "the worker's child is gone");
    }

    [UnixFact]
    public async Task Extract_WorkerTakesTooMuchMemory_IsKilled_AndOutOfResources()
    {
        using var pool = Pool(new WorkerCommand("tail", ["/dev/zero"]), memoryMebibytes: 128);

        var failure = await Should.ThrowAsync<ExtractionException>(pool.ExtractAsync(Large, CancellationToken.None).WithTimeout("the memory limit"));

        failure.Code.ShouldBe(ExtractionErrorCode.OutOfResources);
        failure.Message.ShouldContain("128");
        failure.Remedy.ShouldContain("ExtractionMemoryMebibytes");
    }

    [Fact]
    public async Task Extract_DocumentOutgrowsTheWorkersHeap_IsOutOfResources_AndTheNextOneIsRead()
    {
        using var pool = Pool(WorkerCommand.OfThisProgram(), memoryMebibytes: 128);
        var huge = Text(48 * 1024 * 1024);

        var failure = await Should.ThrowAsync<ExtractionException>(pool.ExtractAsync(huge, CancellationToken.None).WithTimeout("the memory limit"));

        failure.Code.ShouldBe(ExtractionErrorCode.OutOfResources);
        (await pool.ExtractAsync(Large, CancellationToken.None).WithTimeout("the next document")).Blocks.ShouldNotBeEmpty();
    }

    [UnixFact]
    public async Task Extract_WorkerDiesTwice_FailsWithWhatItSaid()
    {
        using var pool = Pool(Shell("echo Stack overflow. >&2; exit 134"));

        var failure = await Should.ThrowAsync<ExtractionException>(pool.ExtractAsync(Large, CancellationToken.None).WithTimeout("two deaths"));

        failure.Code.ShouldBe(ExtractionErrorCode.OutOfResources);
        failure.Message.ShouldContain("134");
        failure.Message.ShouldContain("Stack overflow.");
    }

    [UnixFact]
    public async Task Extract_WorkerDiesOnce_IsReadByAnother()
    {
        using var folder = new TestFolder();
        var worker = WorkerCommand.OfThisProgram();
        var mark = Path.Combine(folder.Path, "died");
        using var pool = Pool(Shell($"if [ -e {mark} ]; then exec '{worker.Program}' {string.Join(' ', worker.Arguments.Select(argument => $"'{argument}'"))} \"$@\"; fi; touch {mark}; kill -9 $$"));

        var document = await pool.ExtractAsync(Large, CancellationToken.None).WithTimeout("the second worker's answer");

        document.Blocks.ShouldNotBeEmpty();
        File.Exists(mark).ShouldBeTrue();
    }

    [UnixFact]
    public async Task Extract_WorkerAnswersNonsense_FailsWithThat()
    {
        using var pool = Pool(Shell("printf '\\377\\377\\377\\177'; exec cat > /dev/null"));

        var failure = await Should.ThrowAsync<ExtractionException>(pool.ExtractAsync(Large, CancellationToken.None).WithTimeout("two refusals"));

        failure.Message.ShouldContain("2147483647 bytes");
    }

    [UnixFact]
    public async Task Extract_Cancelled_EndsTheWorker()
    {
        using var folder = new TestFolder();
        var pidFile = Path.Combine(folder.Path, "worker");
        using var pool = Pool(Shell($"echo $$ > {pidFile}.new; mv {pidFile}.new {pidFile}; exec sleep 1000"));
        using var cancelled = new CancellationTokenSource();
        var extraction = pool.ExtractAsync(Large, cancelled.Token);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(File.Exists(pidFile)), "the worker runs");

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(extraction.WithTimeout("the end of the extraction"));
        await TestTimeout.EventuallyAsync(() => Task.FromResult(!IsRunning(pidFile)), "the worker is gone");
    }

    [Fact]
    public async Task Worker_ParentGone_EndsByItself()
    {
        using var worker = Process.Start(WorkerCommand.OfThisProgram().ToStartInfo(new WorkerLimits(TimeSpan.FromSeconds(60), MemoryMebibytes: 256)))!;

        worker.StandardInput.Close();

        await worker.WaitForExitAsync().WithTimeout("the worker's end");
        worker.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void WorkerEnvironment_HoldsNoSecrets()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__secret_of_this_test", "x");

        WorkerCommand.OfThisProgram().ToStartInfo(new WorkerLimits(TimeSpan.FromSeconds(60), MemoryMebibytes: 256)).Environment.Keys.ShouldNotContain(key => key.Contains("secret_of_this_test"));
    }

    internal static ExtractionPool Pool(WorkerCommand command, int timeoutSeconds = 60, int memoryMebibytes = 1024) => new(
        command,
        Options.Create(new IngestionOptions { ExtractionTimeoutSeconds = timeoutSeconds, ExtractionMemoryMebibytes = memoryMebibytes }),
        NullLogger<ExtractionPool>.Instance,
        TimeProvider.System);

    private static WorkerCommand Shell(string script) => new("/bin/sh", ["-c", script, "sh"]);

    private static DocumentSource Text(int bytes, string first = "")
    {
        var text = new StringBuilder(first, bytes + Paragraph.Length);
        while (text.Length < bytes)
        {
            text.Append(Paragraph);
        }

        return new DocumentSource(Encoding.UTF8.GetBytes(text.ToString()), ContentTypes.PlainText);
    }

    /// <param name="pidFile">Names the process. One that nobody has reaped yet does not run.</param>
    private static bool IsRunning(string pidFile)
    {
        using var state = Process.Start(new ProcessStartInfo("ps", ["-o", "stat=", "-p", File.ReadAllText(pidFile).Trim()]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return state.StandardOutput.ReadToEnd().Trim() is [not 'Z', ..];
    }
}

/// <summary>Left out where there is no /bin/sh.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "It plays its worker with /bin/sh." : null;
}
