using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Tests.Filters;

public class FieldSectionWriterTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(120).WithReplay(20261120, 4711);

    private static readonly SectionId[] Written =
    [
        SectionId.FieldNames, SectionId.FieldColumns, SectionId.FieldValues, SectionId.FieldValueOffsets, SectionId.FieldDocuments,
        SectionId.FieldDocumentOffsets, SectionId.FieldNumbers, SectionId.FieldDates,
    ];

    [Fact]
    public void Merge_AnySegmentsInAnyOrderWithDocumentsDropped_EqualsWritingAnew() =>
        Prop.ForAll(Gen.ArrayOf(FieldTestData.SomeDocuments, 3).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), data =>
        {
            var (segments, seed) = data;
            var random = new Random(seed);
            var kept = new List<IndexedDocument>();
            var opened = segments.Select(documents => MemorySections.Of(writer => FieldSectionWriter.Write(writer, documents))).ToArray();
            var sources = segments.Select((documents, i) => new FieldMergeSource(
                new FieldSegment(opened[i]), Array.ConvertAll(documents, document => random.Next(3) == 0 ? -1 : Keep(kept, document)))).ToArray();
            random.Shuffle(sources);

            using var merged = MemorySections.Of(writer => FieldSectionWriter.Merge(writer, sources, CancellationToken.None));

            using var anew = MemorySections.Of(writer => FieldSectionWriter.Write(writer, kept));
            foreach (var id in Written)
            {
                merged[id].Values<byte>().ToArray().ShouldBe(anew[id].Values<byte>().ToArray(), id.ToString());
            }

            Array.ForEach(opened, sections => sections.Dispose());
        }).Check(Seeded);

    [Fact]
    public void Write_EveryDocumentWithFieldsOfItsOwn_CostsWhatTheDocumentsHave()
    {
        var documents = Enumerable.Range(0, 2000)
            .Select(i => FieldTestData.Document($"d{i}", [.. Enumerable.Range(0, 10).Select(field => ($"field {i} {field}", "value"))])).ToArray();

        using var sections = MemorySections.Of(writer => FieldSectionWriter.Write(writer, documents));

        var fields = new FieldSegment(sections);
        fields.FieldCount.ShouldBe(20_003);
        sections.Bytes.ShouldBeLessThan(2000 * 13 * 80);
        FilterEvaluation.Documents(new Filter.Exists("field 1999 9", IsThere: true), fields).Count().ShouldBe(1);
    }

    [Fact]
    public void Write_NoDocuments_IsASegmentOfNone()
    {
        using var sections = MemorySections.Of(writer => FieldSectionWriter.Write(writer, []));

        var fields = new FieldSegment(sections);

        fields.DocumentCount.ShouldBe(0);
        FilterEvaluation.Documents(new Filter.All([]), fields).Count().ShouldBe(0);
    }

    [Fact]
    public void Write_NamesThatBecomeTheSameBytes_KeepsBothValues()
    {
        using var sections = MemorySections.Of(writer => FieldSectionWriter.Write(writer, [FieldTestData.Document("d", ("\ud800", "a"), ("\ud801", "b"))]));

        new FieldSegment(sections).TryFind("\ufffd", out var column).ShouldBeTrue();

        column.ValueCount.ShouldBe(2);
    }

    [Fact]
    public void Merge_Cancelled_Stops()
    {
        using var sections = MemorySections.Of(writer => FieldSectionWriter.Write(writer, [FieldTestData.Document("d")]));
        var source = new FieldMergeSource(new FieldSegment(sections), [0]);

        Should.Throw<OperationCanceledException>(() => MemorySections.Of(writer => FieldSectionWriter.Merge(writer, [source], new CancellationToken(canceled: true))));
    }

    private static int Keep(List<IndexedDocument> kept, IndexedDocument document)
    {
        kept.Add(document);
        return kept.Count - 1;
    }
}
