using RagPlatform.Search.Filters;
using RagPlatform.Search.Fusion;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Tests.Filters;
using static RagPlatform.Search.Tests.HybridSearchData;

namespace RagPlatform.Search.Tests;

public sealed class HybridSearchTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private static readonly CollectionIndexOptions Options = new() { Dimension = Dimension };

    private readonly List<IDisposable> _opened = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_AnyQueryOverManySegments_EqualsComparingEveryChunk(int seed)
    {
        var random = new Random(seed);
        var documents = Enumerable.Range(0, 120).Select(i => RandomDocument(random, i)).ToArray();
        var snapshot = Open(documents.Chunk(25).Select(some => Without(random, Segment(some), some.Length)));
        var search = new HybridSearch(Options, new Ranking(new RankingOptions { Rerankers = [] }), TimeProvider.System);
        for (var round = 0; round < 60; round++)
        {
            var query = RandomQuery(random);

            var hits = search.Run(snapshot, query).Hits;

            var expected = ExhaustiveSearch.Run(snapshot, query, Options);
            hits.Select(hit => hit.Chunk.ChunkId).ShouldBeUnique();
            hits.Count.ShouldBe(Math.Min(query.TopK, expected.Count));
            for (var i = 0; i < hits.Count; i++)
            {
                // By score and not by id alone: what differs by rounding may change places.
                hits[i].Score.ShouldBe(expected[i].Score, Tolerance, query.ToString());
                hits[i].Score.ShouldBe(expected.Single(chunk => chunk.ChunkId == hits[i].Chunk.ChunkId).Score, Tolerance, query.ToString());
            }
        }
    }

    [Fact]
    public void Run_OneSegmentOrMany_FindsTheSame()
    {
        var random = new Random(4);
        var documents = Enumerable.Range(0, 60).Select(i => RandomDocument(random, i)).ToArray();
        var one = Open([SegmentView.All(Segment(documents))]);
        var many = Open(documents.Chunk(7).Select(some => SegmentView.All(Segment(some))));
        var search = new HybridSearch(Options, new Ranking(new RankingOptions()), TimeProvider.System);
        for (var round = 0; round < 50; round++)
        {
            var query = RandomQuery(random) with { Explain = true };

            Describe(search.Run(many, query)).ShouldBe(Describe(search.Run(one, query)));
        }
    }

    [Fact]
    public void Run_Explained_SumsToTheScoreAndTellsEveryDecision()
    {
        var random = new Random(5);
        var documents = Enumerable.Range(0, 60).Select(i => RandomDocument(random, i)).ToArray();
        var snapshot = Open(documents.Chunk(20).Select(some => SegmentView.All(Segment(some))));
        var search = new HybridSearch(Options, new Ranking(new RankingOptions()), TimeProvider.System);
        var filter = new Filter.All([new Filter.EqualTo("lang", new FilterValue.Text("en")), new Filter.Range("year", new FilterValue.Number(2005), null, null, null)]);

        var hits = search.Run(snapshot, RandomQuery(random) with { Fusion = FusionMethod.MinMax, Filter = filter, Explain = true, Diversity = 0.4 }).Hits;

        hits.ShouldNotBeEmpty();
        foreach (var hit in hits)
        {
            var why = hit.Explanation.ShouldNotBeNull();
            (why.Lexical.Contribution + why.Vector.Contribution + why.TitleLinkBonus + why.Smoothing).ShouldBe(hit.Score, 1e-12);
            (why.Lexical.Weight * why.Lexical.Normalized).ShouldBe(why.Lexical.Contribution);
            why.Terms.Sum(term => term.Contribution).ShouldBe(hit.LexicalScore, 1e-4);
            why.Vector.Score.ShouldBe(hit.VectorScore);
            why.Filters.ShouldBe(
                [new FilterDecision("lang = \"en\"", "en", Holds: true), new FilterDecision("year >= 2005", hit.Document.Metadata["year"], Holds: true)]);
            why.Index.ShouldBe("exact");
        }

        hits.Select(hit => hit.Explanation!.RankBeforeDiversity).ShouldBeUnique();
    }

    [Fact]
    public void Run_SegmentWithAGraph_TellsThroughWhatItWasFound()
    {
        var random = new Random(7);
        var options = Options with { GraphFromChunks = 1000, GraphLinks = 8, GraphConstructionCandidates = 32 };
        var chunks = Enumerable.Range(0, 4000).Select(i => new IndexedChunk($"{i:D4}", i, [], "", 0, 0, TestVectors.Random(random, Dimension))).ToArray();
        var document = new IndexedDocument("d", 1, "", "", new Dictionary<string, string>(), chunks);
        var snapshot = Open([SegmentView.All(new Segment(new SegmentBuilder(options).Build([document], CancellationToken.None)))]);
        var search = new HybridSearch(options, new Ranking(new RankingOptions()), TimeProvider.System);
        var query = new SearchQuery { Text = "", Vector = chunks[1234].Vector, Candidates = 10, TopK = 1, Explain = true };

        var found = search.Run(snapshot, query).Hits.ShouldHaveSingleItem();
        var compared = search.Run(snapshot, query with { Exact = true }).Hits.ShouldHaveSingleItem();

        (found.Chunk.ChunkId, found.Explanation!.Index).ShouldBe(("1234", "hnsw"));
        (compared.Chunk.ChunkId, compared.Explanation!.Index).ShouldBe(("1234", "exact"));
    }

    [Fact]
    public void Run_LexicalOnly_NeedsNoVectorAndFindsOnlyMatches()
    {
        var snapshot = Open([SegmentView.All(Segment(
            [new IndexedDocument("d", 1, "", "", new Dictionary<string, string>(), [Chunk("1", "apples", 0), Chunk("2", "pears", 1)])]))]);
        var search = new HybridSearch(Options, new Ranking(new RankingOptions()), TimeProvider.System);

        var hit = search.Run(snapshot, new SearchQuery { Text = "apple", Fusion = FusionMethod.Lexical }).Hits.ShouldHaveSingleItem();

        hit.Chunk.ChunkId.ShouldBe("1");
        hit.Score.ShouldBe(1);
        hit.VectorScore.ShouldBe(0);
        hit.Explanation.ShouldBeNull();
    }

    [Fact]
    public void Run_OneDocumentHasAllCandidates_LooksFurtherForOthers()
    {
        var metadata = new Dictionary<string, string>();
        IndexedDocument[] documents =
        [
            new("long", 1, "", "", metadata, [.. Enumerable.Range(0, 300).Select(i => Chunk($"long-{i:D3}", "apples apples", 0))]),
            .. Enumerable.Range(0, 4).Select(i => new IndexedDocument($"d{i}", 1, "", "", metadata, [Chunk($"d{i}", "apples and many other words", 1)])),
        ];
        var snapshot = Open([SegmentView.All(Segment(documents))]);
        var search = new HybridSearch(Options, new Ranking(new RankingOptions()), TimeProvider.System);

        var hits = search.Run(snapshot, new SearchQuery { Text = "apples", Vector = Axis(0), TopK = 3, Candidates = 10, MaxChunksPerDocument = 1 }).Hits;

        hits.Select(hit => hit.Chunk.ChunkId).ShouldBe(["long-000", "d0", "d1"]);
    }

    [Fact]
    public void Run_WordExcluded_IsExcludedFromTheVectorArmToo()
    {
        var snapshot = Open([SegmentView.All(Segment(
            [new IndexedDocument("d", 1, "", "", new Dictionary<string, string>(), [Chunk("1", "apples and pears", 0), Chunk("2", "apples", 1), Chunk("3", "plums", 2)])]))]);
        var search = new HybridSearch(Options, new Ranking(new RankingOptions()), TimeProvider.System);

        var hits = search.Run(snapshot, new SearchQuery { Text = "apple -pears", Syntax = QuerySyntax.Operators, Vector = Axis(0) }).Hits;

        hits.Select(hit => hit.Chunk.ChunkId).ShouldBe(["2", "3"]);
    }

    [Fact]
    public void Run_EmptySnapshotOrFilterThatNothingPasses_FindsNothing()
    {
        var search = new HybridSearch(Options, new Ranking(new RankingOptions()), TimeProvider.System);
        var query = new SearchQuery { Text = "word", Vector = Axis(0), Explain = true };
        search.Run(Open([]), query).Hits.ShouldBeEmpty();
        var snapshot = Open([SegmentView.All(Segment([RandomDocument(new Random(1), 1)]))]);

        search.Run(snapshot, query with { Filter = new Filter.Any([]) }).Hits.ShouldBeEmpty();
    }

    [Fact]
    public void Run_ValueOutOfRange_IsRefusedByName()
    {
        var search = new HybridSearch(Options, new Ranking(new RankingOptions()), TimeProvider.System);
        var snapshot = Open([]);
        var query = new SearchQuery { Text = "word", Vector = Axis(0) };
        void Refused(SearchQuery bad, string part) =>
            Should.Throw<ArgumentException>(() => search.Run(snapshot, bad)).Message.ShouldContain(part);

        Refused(query with { TopK = 0 }, "TopK is 0; it must be 1 to 1000");
        Refused(query with { Candidates = 1001 }, "Candidates is 1001");
        Refused(query with { VectorWeight = double.NaN }, "VectorWeight is NaN; it must be 0 to 1");
        Refused(query with { Diversity = 1.5 }, "Diversity is 1.5");
        Refused(query with { MaxChunksPerDocument = 0 }, "MaxChunksPerDocument is 0");
        Refused(query with { Vector = new float[3] }, "3 dimensions; the index holds vectors of 8");
        Refused(query with { Vector = default }, "0 dimensions");
        Refused(query with { Vector = default, Fusion = FusionMethod.Vector, VectorWeight = 0 }, "0 dimensions");
        Refused(query with { Vector = new[] { 1, float.NaN, 0, 0, 0, 0, 0, 0 } }, "NaN");
        Refused(query with { Vector = new[] { 1, float.PositiveInfinity, 0, 0, 0, 0, 0, 0 } }, "Infinity");
        Refused(query with { Vector = new[] { 3e38f, -3e38f, 0, 0, 0, 0, 0, 0 } }, "length 1");
        Should.Throw<FilterException>(() => search.Run(snapshot, query with { Filter = new Filter.In("f", []) }));
        search.Run(snapshot, query with { Vector = default, VectorWeight = 0 }).Hits.ShouldBeEmpty();
    }

    public void Dispose() => _opened.ForEach(opened => opened.Dispose());

    private static string[] Describe(SearchResult result) =>
        [.. result.Hits.Select(hit => FormattableString.Invariant($"{hit.Chunk.ChunkId} {hit.Score:F4} {hit.Explanation!.Lexical.Rank} {hit.Explanation.Vector.Rank}"))];

    private static Segment Segment(IReadOnlyList<IndexedDocument> documents) => new(new SegmentBuilder(Options).Build(documents, CancellationToken.None));

    private static SegmentView Without(Random random, Segment segment, int documents)
    {
        var view = SegmentView.All(segment);
        for (var document = 0; document < documents; document++)
        {
            view = random.Next(4) == 0 ? view.Without(document) : view;
        }

        return view;
    }

    private IndexSnapshot Open(IEnumerable<SegmentView> views)
    {
        var snapshot = new IndexSnapshot(views);
        _opened.Add(snapshot);
        return snapshot;
    }
}
