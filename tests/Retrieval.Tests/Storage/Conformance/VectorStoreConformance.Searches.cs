using RagPlatform.Search;
using RagPlatform.Search.Filters;
using static RagPlatform.Retrieval.Tests.Storage.Conformance.IndexedDocuments;

namespace RagPlatform.Retrieval.Tests.Storage.Conformance;

public abstract partial class VectorStoreConformance
{
    [Fact]
    public async Task Search_EmptyIndex_FindsNothing()
    {
        (await SearchAsync(new SearchQuery { Text = "common", Vector = Vector(1) })).Hits.ShouldBeEmpty();
        (await Store.DescribeAsync(Index, default)).Chunks.ShouldBe(0);
        (await ListAsync()).ShouldBeEmpty();
        var facets = await Store.CountFacetsAsync(Index, ["team"], null, 10, default);
        (facets.DocumentCount, facets.Facets[0].Values.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Search_Hit_CarriesItsChunkItsDocumentAndItsScores()
    {
        await PutAsync(Create("doc", 7, 3, ("team", "search")), Create("other"));

        var hit = (await SearchAsync(new SearchQuery { Text = "doc part2", Vector = Vector(VectorSeed("doc", 7, 2)), TopK = 1 })).Hits.ShouldHaveSingleItem();

        var expected = Create("doc", 7, 3, ("team", "search"));
        (hit.Document.DocumentId, hit.Document.Version, hit.Document.Title, hit.Document.Uri).ShouldBe(("doc", 7L, expected.Title, expected.Uri));
        hit.Document.Metadata.ShouldBe(expected.Metadata);
        (hit.Chunk.ChunkId, hit.Chunk.Ordinal, hit.Chunk.Text, hit.Chunk.StartOffset, hit.Chunk.EndOffset)
            .ShouldBe(("doc-7-2", 2, expected.Chunks[2].Text, 200, 250));
        hit.Chunk.HeadingPath.ShouldBe(["Guide", "Section 2"]);
        hit.VectorScore.ShouldBe(1, 1e-3);
        hit.LexicalScore.ShouldBePositive();
        hit.Score.ShouldBeInRange(0, 1);
        hit.Explanation.ShouldBeNull();
    }

    [Fact]
    public async Task Search_ByVectorsAlone_OrdersByCosine()
    {
        await PutAsync([.. Enumerable.Range(0, 25).Select(i => Create($"doc{i}", 1, 4))]);
        var query = Vector(4711);

        var hits = (await SearchAsync(new SearchQuery { Text = "", Vector = query, Fusion = FusionMethod.Vector, Exact = true, TopK = 10 })).Hits;

        var expected = Enumerable.Range(0, 25).SelectMany(i => Create($"doc{i}", 1, 4).Chunks)
            .Select(chunk => (chunk.ChunkId, Cosine: chunk.Vector.ToArray().Zip(query).Sum(pair => pair.First * pair.Second)))
            .OrderByDescending(pair => pair.Cosine).Take(10).ToList();
        hits.Select(hit => hit.Chunk.ChunkId).ShouldBe(expected.Select(pair => pair.ChunkId));
        hits.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First.VectorScore - pair.Second.Cosine) < 1e-3);
    }

    [Fact]
    public async Task Search_ByWordsAlone_NeedsNoVectorAndFindsOnlyWhatHoldsAWord()
    {
        await PutAsync(Create("doc", 1, 3), Create("other", 2, 3));

        (await FindAsync("edition2 part1")).ShouldBe(["doc.1.1", "other.2.0", "other.2.1", "other.2.2"]);
        (await SearchAsync(new SearchQuery { Text = "edition2 part1", Fusion = FusionMethod.Lexical, TopK = 1 })).Hits[0].Chunk.ChunkId.ShouldBe("other-2-1");
        (await FindAsync("nowhere")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(FusionMethod.MinMax)]
    [InlineData(FusionMethod.ReciprocalRank)]
    public async Task Search_BothArms_ReachWhatEitherFinds(FusionMethod fusion)
    {
        await PutAsync([.. Enumerable.Range(0, 20).Select(i => Create($"doc{i}", 1, 2))]);

        var hits = (await SearchAsync(new SearchQuery { Text = "doc7", Vector = Vector(VectorSeed("doc11", 1, 1)), Fusion = fusion, TopK = 8, Candidates = 8 })).Hits;

        hits.Count.ShouldBe(8);
        hits.Select(hit => hit.Chunk.ChunkId).ShouldContain("doc11-1-1");
        hits.Select(hit => hit.Document.DocumentId).ShouldContain("doc7");
        hits.Select(hit => hit.Score).ShouldBe(hits.Select(hit => hit.Score).OrderDescending());
        hits.Select(hit => hit.Chunk.ChunkId).ShouldBeUnique();
    }

    [Fact]
    public async Task Search_OneChunkPerDocument_IsTheBestOfEach()
    {
        await PutAsync(Create("a", 1, 4), Create("b", 1, 4));

        var hits = (await SearchAsync(new SearchQuery { Text = "common part3", Fusion = FusionMethod.Lexical, TopK = 8, MaxChunksPerDocument = 1 })).Hits;

        hits.Select(hit => hit.Chunk.ChunkId).Order(StringComparer.Ordinal).ShouldBe(["a-1-3", "b-1-3"]);
    }

    [Fact]
    public async Task Search_Diversity_KeepsTheBestFirstAndLosesNoHit()
    {
        await PutAsync(Create("a", 1, 4), Create("b", 1, 4));
        var query = new SearchQuery { Text = "common part3", Vector = Vector(3), TopK = 8 };

        var (plain, diverse) = (await SearchAsync(query), await SearchAsync(query with { Diversity = 0.7 }));

        diverse.Hits[0].Chunk.ChunkId.ShouldBe(plain.Hits[0].Chunk.ChunkId);
        Describe(diverse).ShouldBe(Describe(plain));
    }

    [Fact]
    public async Task Search_Explained_AddsUpAndNamesTermsAndConditions()
    {
        await PutAsync(Create("a", 1, 4, ("year", "2024")), Create("b", 1, 4, ("year", "1999")));
        var filter = new Filter.Range("year", new FilterValue.Number(2000), null, null, null);

        var hits = (await SearchAsync(new SearchQuery { Text = "common part3", Vector = Vector(3), TopK = 4, Explain = true, Filter = filter })).Hits;

        hits.Count.ShouldBe(4);
        foreach (var hit in hits)
        {
            var explanation = hit.Explanation.ShouldNotBeNull();
            (explanation.Lexical.Contribution + explanation.Vector.Contribution + explanation.TitleLinkBonus + explanation.Smoothing).ShouldBe(hit.Score, 1e-4);
            var decision = explanation.Filters.ShouldHaveSingleItem();
            (decision.Value, decision.Holds).ShouldBe(("2024", true));
            explanation.Terms.Select(term => term.QueryWord).ShouldContain("common");
            explanation.Index.ShouldBeOneOf("exact", "hnsw");
        }
    }

    [Theory]
    [InlineData("\"part1 zürich\"", "ant.1.1 bee.1.1")]
    [InlineData("\"zürich part1\"", "")]
    [InlineData("+part0 common", "ant.1.0 bee.1.0")]
    [InlineData("common -ant", "bee.1.0 bee.1.1")]
    [InlineData("edit*", "ant.1.0 ant.1.1 bee.1.0 bee.1.1")]
    public async Task Search_Operators_RequireExcludeAndComplete(string text, string expected)
    {
        if (!ReadsOperators)
        {
            return;
        }

        await PutAsync(Create("ant"), Create("bee"));

        var result = await SearchAsync(new SearchQuery { Text = text, Syntax = QuerySyntax.Operators, Fusion = FusionMethod.Lexical, TopK = 100 });

        string.Join(' ', Describe(result)).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Search_Filter_FindsExactlyTheDocumentsItHoldsFor(string name, string expected)
    {
        await PutAsync(
            Create("a", 1, 1, ("team", "search"), ("year", "2019"), ("date", "2026-01-15")),
            Create("b", 1, 1, ("team", "Search"), ("year", "2021.5"), ("date", "2026-03-01T10:00:00+02:00")),
            Create("c", 1, 1, ("team", "ingest"), ("year", "unknown"), ("date", "soon")),
            Create("d", 1, 1));

        (await FindAsync("common", FilterOf(name))).Select(hit => hit[..1]).ShouldBe(expected.Select(letter => letter.ToString()), name);
        var byVector = await SearchAsync(new SearchQuery { Text = "", Vector = Vector(1), Fusion = FusionMethod.Vector, TopK = 10, Filter = FilterOf(name) });
        Describe(byVector).Select(hit => hit[..1]).ShouldBe(expected.Select(letter => letter.ToString()), name);
    }

    public static TheoryData<string, string> Filters => new()
    {
        { "text", "a" }, { "number", "b" }, { "date", "b" }, { "in", "ac" }, { "number range", "ab" }, { "more and less", "b" },
        { "date range", "a" }, { "exists", "abc" }, { "absent", "d" }, { "not", "bcd" }, { "all", "a" }, { "any", "ac" },
        { "empty all", "abcd" }, { "empty any", "" }, { "document id", "c" }, { "uri in", "ad" }, { "title", "b" }, { "nested", "bd" },
    };

    [Fact]
    public async Task Search_FilterThatFewPass_StillFillsTheHits()
    {
        await PutAsync([.. Enumerable.Range(0, 200).Select(i => Create($"doc{i}", 1, 2, ("rare", i % 40 == 0 ? "yes" : "no")))]);

        var hits = (await SearchAsync(new SearchQuery { Text = "common", Vector = Vector(9), TopK = 10, Filter = new Filter.EqualTo("rare", new FilterValue.Text("yes")) })).Hits;

        hits.Count.ShouldBe(10);
        hits.ShouldAllBe(hit => hit.Document.Metadata["rare"] == "yes");
    }

    [Fact]
    public async Task CountFacets_Fields_CountDocumentsByValue()
    {
        await PutAsync(
            Create("a", 1, 3, ("team", "x"), ("kind", "note")), Create("b", 1, 1, ("team", "x")), Create("c", 1, 2, ("team", "y")),
            Create("d", 1, 0, ("team", "z")), Create("e", 1, 1), Create("f", 1, 1, ("team", "gone")));
        await Store.RemoveAsync(Index, "f", default);

        var all = await Store.CountFacetsAsync(Index, ["team", "kind", "nothing"], null, 2, default);

        all.DocumentCount.ShouldBe(5);
        all.Facets.Select(facet => facet.Field).ShouldBe(["team", "kind", "nothing"]);
        all.Facets[0].Values.ShouldBe([new FacetValue("x", 2), new FacetValue("y", 1)]);
        all.Facets.Select(facet => facet.DistinctValues).ShouldBe([3, 1, 0]);
        all.Facets[1].Values.ShouldBe([new FacetValue("note", 1)]);

        var some = await Store.CountFacetsAsync(Index, ["team"], new Filter.Not(new Filter.EqualTo("team", new FilterValue.Text("x"))), 10, default);
        some.DocumentCount.ShouldBe(3);
        some.Facets[0].Values.ShouldBe([new FacetValue("y", 1), new FacetValue("z", 1)]);
    }

    private static Filter FilterOf(string name) => name switch
    {
        "text" => Text("team", "search"),
        "number" => new Filter.EqualTo("year", new FilterValue.Number(2021.5)),
        "date" => new Filter.EqualTo("date", Date(2026, 3, 1, 8)),
        "in" => new Filter.In("team", [new FilterValue.Text("search"), new FilterValue.Text("ingest"), new FilterValue.Text("none")]),
        "number range" => new Filter.Range("year", new FilterValue.Number(2019), null, new FilterValue.Number(2021.5), null),
        "more and less" => new Filter.Range("year", null, new FilterValue.Number(2019), null, new FilterValue.Number(2022)),
        "date range" => new Filter.Range("date", null, Date(2026, 1, 1), Date(2026, 1, 15), null),
        "exists" => new Filter.Exists("team", IsThere: true),
        "absent" => new Filter.Exists("team", IsThere: false),
        "not" => new Filter.Not(Text("team", "search")),
        "all" => new Filter.All([Text("team", "search"), new Filter.Exists("year", IsThere: true)]),
        "any" => new Filter.Any([Text("team", "search"), Text("year", "unknown")]),
        "empty all" => new Filter.All([]),
        "empty any" => new Filter.Any([]),
        "document id" => Text(BuiltInFields.DocumentId, "c"),
        "uri in" => new Filter.In(BuiltInFields.Uri, [new FilterValue.Text("file:///a"), new FilterValue.Text("file:///d")]),
        "title" => Text(BuiltInFields.Title, "Title b"),
        "nested" => new Filter.All([new Filter.Not(new Filter.Any([Text("team", "search"), Text("team", "ingest")])), new Filter.All([])]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such filter."),
    };

    private static Filter.EqualTo Text(string field, string value) => new(field, new FilterValue.Text(value));

    private static FilterValue.Date Date(int year, int month, int day, int hour = 0) => new(new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero));
}
