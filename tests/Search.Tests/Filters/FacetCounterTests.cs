using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Search.Filters;

namespace RagPlatform.Search.Tests.Filters;

public class FacetCounterTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(120).WithReplay(20261120, 4711);

    [Fact]
    public void Count_SegmentsWithSomeDocumentsGone_EqualsANaiveCount() =>
        Prop.ForAll(Gen.ArrayOf(FieldTestData.SomeDocuments, 3).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), data =>
        {
            var (segments, seed) = data;
            var random = new Random(seed);
            var opened = segments.Select(documents => MemorySections.Of(writer => FieldSectionWriter.Write(writer, documents))).ToArray();
            var counted = new List<IndexedDocument>();
            var sources = segments.Select((documents, i) => new FacetSource(new FieldSegment(opened[i]), Some(random, documents, counted))).ToArray();
            var field = FieldTestData.Fields[random.Next(FieldTestData.Fields.Length)];
            var maxValues = random.Next(1, 12);

            var facet = FacetCounter.Count(field, sources, maxValues);

            var naive = counted.Select(document => Value(document, field)).OfType<string>().GroupBy(value => value, StringComparer.Ordinal)
                .Select(group => new FacetValue(group.Key, group.Count()))
                .OrderByDescending(value => value.DocumentCount).ThenBy(value => Convert.ToHexString(Encoding.UTF8.GetBytes(value.Value)), StringComparer.Ordinal).ToArray();
            facet.Field.ShouldBe(field);
            facet.DistinctValues.ShouldBe(naive.Length);
            facet.Values.ShouldBe(naive.Take(maxValues));
            Array.ForEach(opened, sections => sections.Dispose());
        }).Check(Seeded);

    private static RowSet Some(Random random, IndexedDocument[] documents, List<IndexedDocument> counted)
    {
        var some = new RowSet(documents.Length);
        for (var i = 0; i < documents.Length; i++)
        {
            if (random.Next(4) > 0)
            {
                some.Add(i);
                counted.Add(documents[i]);
            }
        }

        return some;
    }

    private static string? Value(IndexedDocument document, string field) => field switch
    {
        "document_id" => document.DocumentId,
        "title" => document.Title,
        "uri" => document.Uri,
        _ => document.Metadata.TryGetValue(field, out var value) ? value : null,
    };
}
