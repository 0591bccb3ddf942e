using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments;

namespace RagPlatform.Bench.Engines.Lexical;

/// <summary>The platform's engine as an index uses it: small segments in memory, merged into a file that is mapped.</summary>
internal static class PlatformRun
{
    private const int ChunksPerSegment = 4_000;

    /// <summary>Until the compiler has seen what it needs to optimise: the peers come compiled.</summary>
    private const int WarmUpPasses = 20;

    private const string FileName = "lexical.segment";

    /// <summary>FTS5 has no others.</summary>
    private static readonly Bm25 Peers = new(1.2f, 0.75f);

    // The tokens are analysed already: nothing is stemmed or left out again.
    private static readonly TextAnalyzer Analyzer = new(new AnalyzerOptions { Language = AnalyzerLanguage.None, StopWords = StopWords.None });
    private static readonly CollectionIndexOptions Options = new() { Dimension = 1 };

    public static EngineRun Run(LexicalData data, string folder)
    {
        var files = new DirectoryIndexFiles(folder);
        var buildSeconds = SecondsOf(() => Build(data.Chunks, files));

        using var sections = new StoredSections(files.Map(FileName), isVerified: false);
        var segment = new LexicalSegment(sections);
        var live = RowSet.All(segment.RowCount);
        for (var pass = 0; pass < WarmUpPasses; pass++)
        {
            Search(data.Questions, segment, live);
        }

        List<int[]> hits = [];
        var seconds = Enumerable.Range(0, EngineRun.Passes).Min(_ => SecondsOf(() => hits = Search(data.Questions, segment, live)));
        return new EngineRun("RagPlatform", buildSeconds, sections.Bytes, seconds, hits);
    }

    private static double SecondsOf(Action run)
    {
        var begin = Environment.CpuUsage.TotalTime;
        run();
        return (Environment.CpuUsage.TotalTime - begin).TotalSeconds;
    }

    private static void Build(string[] chunks, DirectoryIndexFiles files)
    {
        var parts = new List<StoredSections>();
        var sources = new List<LexicalMergeSource>();
        var row = 0;
        foreach (var share in chunks.Chunk(ChunksPerSegment))
        {
            var bytes = new MemoryBytes();
            Write(bytes, writer => LexicalSectionWriter.Write(writer, [.. share.Select(text => ChunkTerms.Of(Analyzer, Options, "", [], text))]));
            parts.Add(new StoredSections(bytes, isVerified: true));
            sources.Add(new LexicalMergeSource(new LexicalSegment(parts[^1]), [.. Enumerable.Range(row, share.Length)]));
            row += share.Length;
        }

        using var file = files.Create(FileName);
        Write(file, writer => LexicalSectionWriter.Merge(writer, sources, row, CancellationToken.None));
        file.Flush();
        parts.ForEach(part => part.Dispose());
    }

    private static void Write(IAppendFile file, Action<ISectionWriter> write)
    {
        using var writer = new SegmentWriter(file);
        write(writer);
        writer.Finish();
    }

    private static List<int[]> Search(string[] questions, LexicalSegment segment, RowSet live)
    {
        var meanLength = (double)segment.TotalLength / segment.RowCount;
        var hits = new List<int[]>(questions.Length);
        foreach (var question in questions)
        {
            var top = new TopRows(EngineRun.TopK);
            BoundLexicalQuery.Bind(LexicalQuery.Parse(question, Analyzer), [segment], Peers, segment.RowCount, meanLength)
                .Search(0, live, 0, top);
            hits.Add(Array.ConvertAll(top.TakeSorted(), hit => hit.Row));
        }

        return hits;
    }
}
