using System.Diagnostics;
using System.Globalization;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Ingestion.Extraction.Poppler;

namespace RagPlatform.Bench.Engines.Formats;

/// <summary>A row for each file of a folder: what is read of it, how fast, or why not. Also what a worker process costs.</summary>
internal static class FormatsBench
{
    private const int Rounds = 5;
    private const int ReasonCharacters = 160;

    private static readonly WorkerLimits Limits = new(TimeSpan.FromSeconds(120), MemoryMebibytes: 1024);

    /// <param name="folder">Its files, not those of folders within.</param>
    /// <param name="textsFolder">Where the text of every file is written, to be read; null to write none.</param>
    public static async Task<int> RunAsync(string folder, string? textsFolder, TextWriter output)
    {
        output.WriteLine("| file | format | bytes | ms | ms in a worker | characters | blocks | chunks | headings | tables | rows | links | pages | language | remarks, or why not |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|---|");
        var start = Stopwatch.GetTimestamp();
        using var worker = WorkerProcess.Start(WorkerCommand.OfThisProgram(), Limits, TimeProvider.System);
        await worker.ExtractAsync(new DocumentSource("A first document."u8.ToArray(), ContentTypes.PlainText), CancellationToken.None);
        var startMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            output.WriteLine(await RowAsync(path, textsFolder, worker));
        }

        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A worker answered its first document {startMilliseconds:0} ms after it was started."));
        return 0;
    }

    private static async Task<string> RowAsync(string path, string? textsFolder, WorkerProcess worker)
    {
        var content = await File.ReadAllBytesAsync(path);
        var name = Path.GetFileName(path);
        try
        {
            var source = DocumentExtractor.Detect(content, declared: null, name);
            var extractor = new DocumentExtractor(new PopplerReader(Limits));
            var document = extractor.Extract(source, CancellationToken.None);
            var here = await MedianAsync(() => Task.FromResult(extractor.Extract(source, CancellationToken.None)));
            var apart = await MedianAsync(() => worker.ExtractAsync(source, CancellationToken.None));
            if (textsFolder is not null)
            {
                await File.WriteAllTextAsync(Path.Combine(textsFolder, name + ".txt"), Show(document));
            }

            return Row(name, source.ContentType, content.Length, here, apart, document);
        }
        catch (ExtractionException failure)
        {
            return $"| {name} | | {Number(content.Length)} | | | | | | | | | | | | **{failure.Code}**: {Cell(failure.Message)} |";
        }
    }

    private static async Task<double> MedianAsync(Func<Task<ExtractedDocument>> extract)
    {
        var milliseconds = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            await extract();
            milliseconds[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return milliseconds.Order().ElementAt(Rounds / 2);
    }

    private static string Row(string name, string contentType, int bytes, double here, double apart, ExtractedDocument document)
    {
        var kinds = document.Blocks.CountBy(block => block.Kind).ToDictionary(entry => entry.Key, entry => entry.Value);
        var rows = document.Blocks.Count(block => block.Kind is BlockKind.TableRow or BlockKind.TableHeader);
        var chunks = new Chunker(new ChunkingOptions(), GuessTokens).Chunk(document).Count;
        string[] cells =
        [
            name, contentType, Number(bytes), here.ToString("0.0", CultureInfo.InvariantCulture), apart.ToString("0.0", CultureInfo.InvariantCulture), Number(document.Text.Length),
            Number(document.Blocks.Count), Number(chunks), Number(kinds.GetValueOrDefault(BlockKind.Heading)), Number(Tables(document)), Number(rows), Number(document.Links.Count),
            Number(document.Properties.PageCount), document.Properties.Language, Cell(string.Join(" ", document.Warnings)),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    /// <summary>Runs of rows; a header begins another one.</summary>
    private static int Tables(ExtractedDocument document)
    {
        var tables = 0;
        var inTable = false;
        foreach (var block in document.Blocks)
        {
            tables += block.Kind == BlockKind.TableHeader || (block.Kind == BlockKind.TableRow && !inTable) ? 1 : 0;
            inTable = block.Kind is BlockKind.TableHeader or BlockKind.TableRow;
        }

        return tables;
    }

    private static string Show(ExtractedDocument document) => string.Join('\n', document.Blocks
        .Select(block => $"[{block.Kind}{(block.Location is { } place ? $", {place}" : "")}] {string.Join(" > ", block.HeadingPath)}\n{document.Text[block.Start..block.End]}\n")
        .Prepend($"title: {document.Title}\n{document.Properties}\n{string.Join('\n', document.Properties.Metadata)}\nwarnings: {string.Join(" ", document.Warnings)}\n")
        .Concat(document.Links.Select(link => $"link: {document.Text[link.Start..link.End]} -> {link.Target}")));

    /// <summary>Three bytes of UTF-8 each, as for models that show no tokens.</summary>
    private static int GuessTokens(ReadOnlySpan<char> text) => (System.Text.Encoding.UTF8.GetByteCount(text) + 2) / 3;

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Cell(string text) =>
        (text.Length <= ReasonCharacters ? text : string.Concat(text.AsSpan(0, ReasonCharacters), "…")).Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}
