using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Tests.Lexical;

/// <summary>Texts in one or more segments, searched the way an index does.</summary>
internal sealed class LexicalCorpus : IDisposable
{
    private readonly List<MemorySections> _sections = [];
    private readonly TextAnalyzer _analyzer;

    public LexicalCorpus(AnalyzerOptions? analyzer = null) =>
        _analyzer = new TextAnalyzer(analyzer ?? new AnalyzerOptions { Language = AnalyzerLanguage.None, StopWords = StopWords.None });

    public static CollectionIndexOptions Options { get; } = new() { Dimension = 1, TitleWeight = 3, HeadingWeight = 2 };

    public List<LexicalSegment> Segments { get; } = [];

    public List<RowSet> Live { get; } = [];

    public Bm25 Bm25 { get; init; } = Bm25.Default;

    public int RowCount => Segments.Sum(segment => segment.RowCount);

    public LexicalSegment Add(params string[] texts) => Add(write => LexicalSectionWriter.Write(write, [.. texts.Select(TermsOf)]));

    public LexicalSegment Add(Action<ISectionWriter> write)
    {
        var sections = MemorySections.Of(write);
        _sections.Add(sections);
        Segments.Add(new LexicalSegment(sections));
        Live.Add(RowSet.All(Segments[^1].RowCount));
        return Segments[^1];
    }

    public ReadOnlySpan<byte> BytesOf(int segment, SectionId id) => _sections[segment][id].Values<byte>();

    public ChunkTerms TermsOf(string text) => ChunkTerms.Of(_analyzer, Options, "", [], text);

    public BoundLexicalQuery Bind(string query, QuerySyntax syntax = QuerySyntax.Plain, bool typoTolerance = false)
    {
        var live = Live.Sum(rows => rows.Count());
        double length = 0;
        for (var segment = 0; segment < Segments.Count; segment++)
        {
            foreach (var row in Live[segment])
            {
                length += Segments[segment].LengthOf(row);
            }
        }

        return BoundLexicalQuery.Bind(LexicalQuery.Parse(query, _analyzer, syntax, typoTolerance), Segments, Bm25, live, live == 0 ? 0 : length / live);
    }

    public ScoredRow[] Search(BoundLexicalQuery query, int count)
    {
        var top = new TopRows(count);
        var firstRow = 0;
        for (var segment = 0; segment < Segments.Count; segment++)
        {
            query.Search(segment, Live[segment], firstRow, top);
            firstRow += Segments[segment].RowCount;
        }

        return top.TakeSorted();
    }

    /// <summary>All rows that the query finds, ascending.</summary>
    public int[] Find(string query, QuerySyntax syntax = QuerySyntax.Operators, bool typoTolerance = false) =>
        [.. Search(Bind(query, syntax, typoTolerance), Math.Max(1, RowCount)).Select(hit => hit.Row).Order()];

    public void Dispose()
    {
        foreach (var sections in _sections)
        {
            sections.Dispose();
        }
    }
}
