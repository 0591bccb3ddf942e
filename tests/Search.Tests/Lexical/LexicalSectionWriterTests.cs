using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Tests.Lexical;

public class LexicalSectionWriterTests
{
    private static readonly SectionId[] Sections =
    [
        SectionId.LexicalStatistics, SectionId.RowLengths, SectionId.Terms, SectionId.TermOffsets, SectionId.TermInfos,
        SectionId.Postings, SectionId.PostingBlocks, SectionId.Positions, SectionId.PositionOffsets,
    ];

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void Merge_RowsDroppedAndMoved_EqualsWritingAnewToTheByte(int seed, bool inOrder)
    {
        var random = new Random(seed);
        using var corpus = new LexicalCorpus();
        var texts = Enumerable.Range(0, 4).Select(segment => Enumerable.Range(0, segment == 2 ? 0 : random.Next(1, 500))
            .Select(_ => $"été {RandomTexts.Of(random, 20, 200)} \U00020000x漢字").ToArray()).ToArray();
        foreach (var share in texts)
        {
            corpus.Add(share);
        }

        var kept = texts.SelectMany((share, segment) => share.Select((text, row) => (segment, row, text))).Where(_ => random.Next(3) > 0).ToArray();
        if (!inOrder)
        {
            random.Shuffle(kept);
        }

        var newRows = texts.Select(share => Enumerable.Repeat(-1, share.Length).ToArray()).ToArray();
        foreach (var (index, (segment, row, _)) in kept.Index())
        {
            newRows[segment][row] = index;
        }

        var sources = corpus.Segments.Select((segment, index) => new LexicalMergeSource(segment, newRows[index])).ToArray();
        corpus.Add(writer => LexicalSectionWriter.Merge(writer, sources, kept.Length, CancellationToken.None));
        corpus.Add([.. kept.Select(row => row.text)]);

        foreach (var id in Sections)
        {
            corpus.BytesOf(4, id).SequenceEqual(corpus.BytesOf(5, id)).ShouldBeTrue($"section {id}");
        }
    }

    [Fact]
    public void Merge_NewRowsNotEachOnce_IsRefused()
    {
        using var corpus = new LexicalCorpus();
        var segment = corpus.Add("a", "b");
        void Merge(int[] newRows, int rowCount) =>
            corpus.Add(writer => LexicalSectionWriter.Merge(writer, [new LexicalMergeSource(segment, newRows)], rowCount, CancellationToken.None));

        Should.Throw<ArgumentException>(() => Merge([0, 0], 1)).Message.ShouldContain("row 0");
        Should.Throw<ArgumentException>(() => Merge([0, 2], 2)).Message.ShouldContain("row 2");
        Should.Throw<ArgumentException>(() => Merge([0, -1], 2)).Message.ShouldContain("row 1");
        Should.Throw<ArgumentException>(() => Merge([0], 1)).Message.ShouldContain("2");
    }

    [Fact]
    public void Merge_Cancelled_Stops()
    {
        using var corpus = new LexicalCorpus();
        var segment = corpus.Add("a");

        Should.Throw<OperationCanceledException>(() =>
            corpus.Add(writer => LexicalSectionWriter.Merge(writer, [new LexicalMergeSource(segment, [0])], 1, new CancellationToken(canceled: true))));
    }

    [Fact]
    public void ChunkTerms_Fields_AreWeightedAndApart()
    {
        var analyzer = new TextAnalyzer(new AnalyzerOptions());

        var terms = ChunkTerms.Of(analyzer, LexicalCorpus.Options, "Pump", ["Care", "Pump oil"], "The pump runs.");

        terms["pump"].ShouldBe(3 + 2 + 1);
        terms["care"].ShouldBe(2);
        terms["run"].ShouldBe(1);
        terms["the"].ShouldBe(0);
        terms.Length.ShouldBe(3 + (3 * 2) + 2);
        terms.Count.ShouldBe(4);

        using var corpus = new LexicalCorpus(new AnalyzerOptions());
        corpus.Add(writer => LexicalSectionWriter.Write(writer, [terms]));
        corpus.Segments[0].LengthOf(0).ShouldBe(terms.Length);
        corpus.Segments[0].TotalLength.ShouldBe(terms.Length);
        corpus.Find("\"pump oil\"").ShouldBe([0]);
        corpus.Find("\"pump care\"").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SectionId.TermInfos)]
    [InlineData(SectionId.TermOffsets)]
    [InlineData(SectionId.RowLengths)]
    [InlineData(SectionId.LexicalStatistics)]
    public void LexicalSegment_SectionCutShort_IsRefused(SectionId id)
    {
        using var corpus = new LexicalCorpus();
        using var sections = MemorySections.Of(writer => LexicalSectionWriter.Write(writer, [corpus.TermsOf("a b"), corpus.TermsOf("b c")]));

        Should.Throw<InvalidDataException>(() => new LexicalSegment(new CutShort(sections, id)));
    }

    private sealed unsafe class CutShort(SegmentSections whole, SectionId cut) : SegmentSections
    {
        public override long Bytes => whole.Bytes;

        public override Section this[SectionId id] => id == cut ? new Section(whole[id].Pointer, whole[id].Bytes - 4) : whole[id];

        public override bool Has(SectionId id) => whole.Has(id);

        protected override void Dispose(bool disposing)
        {
        }
    }
}
