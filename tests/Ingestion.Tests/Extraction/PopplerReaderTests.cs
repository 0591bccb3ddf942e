using RagPlatform.Documents;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Ingestion.Extraction.Poppler;
using RagPlatform.Provisioning;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Extraction;

public sealed class PopplerReaderTests
{
    private static readonly WorkerLimits Limits = new(TimeSpan.FromSeconds(30), MemoryMebibytes: 1024);

    [RequiresPopplerFact]
    public void Read_TwoPages_GivesPlacesAndProperties()
    {
        var pdf = Read(PdfFile.Of(0, ["Open the valve.", "Close the valve."], ["Then rest."]));

        pdf.Title.ShouldBe("A manual");
        pdf.Properties.Author.ShouldBe("Ada");
        pdf.Properties.CreatedAt.ShouldBe(new DateTimeOffset(2024, 1, 31, 12, 0, 0, TimeSpan.Zero));
        pdf.Pages.Select(page => page.Lines.Select(line => line.Text)).ShouldBe([["Open the valve.", "Close the valve."], ["Then rest."]]);
        pdf.Pages[0].Lines[0].Top.ShouldBeLessThan(pdf.Pages[0].Lines[1].Top);
        pdf.Pages[0].Lines[0].Left.ShouldBe(72, tolerance: 1);
        pdf.Pages[0].Height.ShouldBe(792);
    }

    [RequiresPopplerFact]
    public void Read_PasswordNeeded_IsEncrypted() => Fails(PdfFile.Encrypted).Code.ShouldBe(ExtractionErrorCode.Encrypted);

    [RequiresPopplerFact]
    public void Read_CutShort_IsDamaged_AndSaysWhatTheProgramSaid()
    {
        var failure = Fails(PdfFile.Of(0, ["Open the valve."])[..100]);

        failure.Code.ShouldBe(ExtractionErrorCode.Damaged);
        failure.Message.ShouldContain("pdftotext");
    }

    [RequiresPopplerFact]
    public void Read_ClaimOfAMillionPages_EndsInTime_WithWhatIsThereOrAReason()
    {
        try
        {
            Read(PdfFile.Of(1_000_000, ["Open the valve."])).Pages.Count.ShouldBeLessThan(20_001);
        }
        catch (ExtractionException failure)
        {
            failure.Code.ShouldBeOneOf(ExtractionErrorCode.Damaged, ExtractionErrorCode.TooLarge);
        }
    }

    [RequiresPopplerFact]
    public void Read_MorePagesThanTheLimit_IsTooLarge()
    {
        var failure = Fails(PdfFile.Of(0, [.. Enumerable.Repeat(Array.Empty<string>(), 20_001)]));

        failure.Code.ShouldBe(ExtractionErrorCode.TooLarge);
        failure.Message.ShouldContain("20000 pages");
    }

    [UnixFact]
    public void Read_ProgramNotInstalled_IsToolMissing_AndSaysWhatToInstall()
    {
        var failure = Should.Throw<ExtractionException>(() => new PopplerReader("no-such-pdftotext", Limits).Read(PdfFile.Of(0, ["x"]), CancellationToken.None));

        failure.Code.ShouldBe(ExtractionErrorCode.ToolMissing);
        failure.Remedy.ShouldContain("poppler-utils");
    }

    [UnixFact]
    public async Task Read_ProgramHangs_IsEndedByItsToken()
    {
        using var folder = new TestFolder();
        var program = Path.Combine(folder.Path, "hangs");
        await File.WriteAllTextAsync(program, "#!/bin/sh\ncat > /dev/null\nsleep 1000\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using var cancelled = new CancellationTokenSource();

        var reading = Task.Run(() => new PopplerReader(program, Limits).Read(PdfFile.Of(0, ["x"]), cancelled.Token));
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading.WithTimeout("the end of the program"));
    }

    [RequiresPopplerFact]
    public async Task Extract_ThroughAWorker_HasPagesAsPlaces()
    {
        using var pool = ExtractionPoolTests.Pool(WorkerCommand.OfThisProgram());

        var document = await pool.ExtractAsync(new DocumentSource(PdfFile.Of(0, ["Open the valve."], ["Then rest."]), "application/pdf"), CancellationToken.None).WithTimeout("the worker's answer");

        document.Blocks.Select(block => $"{block.Location}: {document.Text[block.Start..block.End]}").ShouldBe(["page 1: Open the valve.", "page 2: Then rest."]);
        document.Properties.PageCount.ShouldBe(2);
        document.Title.ShouldBe("A manual");
    }

    private static PdfText Read(byte[] content) => new PopplerReader(Limits).Read(content, CancellationToken.None);

    private static ExtractionException Fails(byte[] content) => Should.Throw<ExtractionException>(() => Read(content));
}

/// <summary>Needs poppler's pdftotext (rag test installs it where it can).</summary>
public sealed class RequiresPopplerFactAttribute()
    : RequiresFactAttribute(new MachineCommands().Find("pdftotext") is not null, "pdftotext is not installed; run ./rag test, or install poppler (poppler-utils).");
