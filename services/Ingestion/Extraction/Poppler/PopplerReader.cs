using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Extraction.Poppler;

/// <summary>
/// Reads PDF with poppler's pdftotext, a child process within a time, a memory and an output. It gives the place of every line
/// (-bbox-layout), for neither of its text modes serves both columns and tables: the default one tears tables apart and mixes up
/// columns, -raw follows the file's own order, and -layout writes columns beside each other.
/// </summary>
/// <param name="command">The program's name or path.</param>
/// <param name="limits">Of the program.</param>
public sealed class PopplerReader(string command, WorkerLimits limits) : IPdfTextReader
{
    private const string Command = "pdftotext";
    private const string Raise = "Split the document into smaller ones, or raise Ingestion:";

    public PopplerReader(WorkerLimits limits)
        : this(Command, limits)
    {
    }

    public PdfText Read(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var process = Start();
        using var ending = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var errors = new WorkerErrors(process.StandardError);
        var feeding = Task.Run(() => FeedAsync(process.StandardInput.BaseStream, content), CancellationToken.None);
        var output = new PopplerOutput();
        try
        {
            output.Read(process.StandardOutput);
            process.WaitForExit();
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        feeding.Wait(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        var said = errors.ReadAsync(CancellationToken.None).GetAwaiter().GetResult();
        return process.ExitCode == 0 ? output.ToText(said) : throw Failure(process.ExitCode, said);
    }

    private Process Start()
    {
        string[] arguments = ["-bbox-layout", "-enc", "UTF-8", "-l", $"{PopplerOutput.MaxPages + 1}", "-", "-"];
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(command, arguments)
            : new ProcessStartInfo("/bin/sh", [
                "-c", """ulimit -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; shift 2; exec "$@" """, "sh",
                $"{limits.MemoryMebibytes * 1024L}", $"{(int)limits.Time.TotalSeconds + 1}", command, .. arguments]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw Missing();
        }
    }

    private static async Task FeedAsync(Stream input, ReadOnlyMemory<byte> content)
    {
        try
        {
            await input.WriteAsync(content);
            input.Close();
        }
        catch (IOException)
        {
            // It has ended, and its exit code says why.
        }
    }

    private ExtractionException Failure(int exitCode, string said) => (exitCode, said) switch
    {
        (126 or 127, _) => Missing(),
        (_, var text) when text.Contains("Incorrect password", StringComparison.Ordinal) => new(
            ExtractionErrorCode.Encrypted, "content is a PDF that opens only with a password.", "Remove the password (for example with qpdf --decrypt) and send it again."),
        (137 or 152, _) => new(
            ExtractionErrorCode.TimedOut, string.Create(CultureInfo.InvariantCulture, $"content took {command} longer than {limits.Time.TotalSeconds:0.#} seconds, which is the limit."), Raise + "ExtractionTimeoutSeconds."),
        (_, var text) when text.Contains("bad_alloc", StringComparison.Ordinal) || text.Contains("ut of memory", StringComparison.Ordinal) => new(
            ExtractionErrorCode.OutOfResources, $"content took {command} more than {limits.MemoryMebibytes} MiB of memory, which is the limit.", Raise + "ExtractionMemoryMebibytes."),
        _ => new(
            ExtractionErrorCode.Damaged, $"content is no readable PDF: {command} ended with exit code {exitCode}{(said.Length > 0 ? $": {said}" : ".")}", "Open it in a PDF reader and save it again, or send the original it was made from."),
    };

    private ExtractionException Missing() => new(
        ExtractionErrorCode.ToolMissing,
        $"content is a PDF, and the program that reads PDF, {command}, is not installed where the ingestion service runs.",
        "Install poppler there (Debian, Ubuntu: apt-get install poppler-utils; macOS: brew install poppler; Windows: poppler on PATH), then send the document again.");
}
