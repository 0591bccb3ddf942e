using RagPlatform.Search.Filters;
using RagPlatform.Search.Tests.Filters;
using RagPlatform.Search.Tests.Segments;
using static RagPlatform.Search.Tests.HybridSearchData;

namespace RagPlatform.Search.Tests;

/// <summary>Filters and facets of an index that is written to: what was replaced or removed counts no more.</summary>
public class CollectionIndexSearchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task SearchAndCountFacets_AfterReplacesAndRemoves_SeeWhatIsLeft(int seed)
    {
        var random = new Random(seed);
        var held = new Dictionary<string, IndexedDocument>();
        await using var index = CollectionIndex.Open(new MemoryIndexFiles(), new CollectionIndexOptions { Dimension = Dimension, FlushChunks = 50 }, TimeProvider.System);
        for (var version = 1; version <= 150; version++)
        {
            var document = RandomDocument(random, random.Next(40)) with { Version = version };
            if (random.Next(5) == 0)
            {
                await index.RemoveAsync(document.DocumentId, CancellationToken.None);
                held.Remove(document.DocumentId);
            }
            else
            {
                await index.ReplaceAsync(document, CancellationToken.None);
                held[document.DocumentId] = document;
            }

            if (version % 30 == 0)
            {
                await index.MaintainAsync(CancellationToken.None);
            }
        }

        var filter = new Filter.Range("year", null, null, null, new FilterValue.Number(2010));
        var left = held.Values.Where(document => NaiveFilter.Holds(filter, document)).ToArray();

        var counts = index.CountFacets(["lang", "nothing"], filter, maxValues: 2);
        var hits = index.Search(new SearchQuery { Text = "worda", Vector = TestVectors.Random(random, Dimension), TopK = 1000, Filter = filter, Exact = true }).Hits;

        counts.DocumentCount.ShouldBe(left.Length);
        counts.Facets[0].DistinctValues.ShouldBe(left.DistinctBy(document => document.Metadata["lang"]).Count());
        counts.Facets[0].Values.ShouldBe(left.CountBy(document => document.Metadata["lang"]).Select(group => new FacetValue(group.Key, group.Value))
            .OrderByDescending(value => value.DocumentCount).ThenBy(value => value.Value, StringComparer.Ordinal).Take(2));
        counts.Facets[1].Values.ShouldBeEmpty();
        hits.Select(hit => (hit.Document.DocumentId, hit.Document.Version, hit.Chunk.ChunkId)).ShouldBe(
            left.SelectMany(document => document.Chunks.Select(chunk => (document.DocumentId, document.Version, chunk.ChunkId))), ignoreOrder: true);
    }
}
