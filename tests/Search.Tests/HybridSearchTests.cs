using RagPlatform.Search.Filters;
using RagPlatform.Search.Fusion;
using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Tests.Filters;

namespace RagPlatform.Search.Tests;

public sealed class HybridSearchTests : IDisposable
{
    private const int Dimension = 8;
    private const double Tolerance = 1e-4;
    private static readonly CollectionIndexOptions Options = new() { Dimension = Dimension };
    private static readonly string[] Languages = ["en", "de", "fr"];

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

            var expected = CompareEveryChunk(snapshot, query);
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
        var options = Options with { GraphFromChunks = 1000 };
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
        Should.Throw<FilterException>(() => search.Run(snapshot, query with { Filter = new Filter.In("f", []) }));
        search.Run(snapshot, query with { Vector = default, VectorWeight = 0 }).Hits.ShouldBeEmpty();
    }

    [Fact]
    public void Count_FacetsOfASnapshot_CountsLiveDocumentsUnderTheFilter()
    {
        var random = new Random(6);
        var documents = Enumerable.Range(0, 90).Select(i => RandomDocument(random, i)).ToArray();
        var snapshot = Open(documents.Chunk(30).Select(some => Without(random, Segment(some), some.Length)));
        var filter = new Filter.Range("year", null, null, null, new FilterValue.Number(2010));
        var live = Live(snapshot).Where(document => NaiveFilter.Holds(filter, document)).ToArray();

        var counts = SnapshotFacets.Count(snapshot, ["lang", "nothing"], filter, maxValues: 2);

        counts.DocumentCount.ShouldBe(live.Length);
        counts.Facets[0].Values.Sum(value => value.DocumentCount).ShouldBe(
            live.CountBy(document => document.Metadata["lang"]).OrderByDescending(group => group.Value).Take(2).Sum(group => group.Value));
        counts.Facets[0].DistinctValues.ShouldBe(3);
        counts.Facets[1].Values.ShouldBeEmpty();
    }

    public void Dispose() => _opened.ForEach(opened => opened.Dispose());

    /// <summary>Every allowed chunk scored by both arms; the candidates are the best of each.</summary>
    private static List<(string ChunkId, double Score)> CompareEveryChunk(IndexSnapshot snapshot, SearchQuery query)
    {
        var weights = ArmWeights.Of(query);
        var bound = BoundLexicalQuery.Bind(
            LexicalQuery.Parse(query.Text, new TextAnalyzer(Options.Analyzer), query.Syntax, query.TypoTolerance),
            [.. snapshot.Segments.Select(view => view.Segment.Lexical)], Options.Bm25, snapshot.LiveChunks, snapshot.MeanLength);
        var all = new List<(string ChunkId, string DocumentId, float Lexical, float Cosine)>();
        for (var number = 0; number < snapshot.Segments.Count; number++)
        {
            var (view, documents) = (snapshot.Segments[number], snapshot.Segments[number].Segment.Documents);
            foreach (var row in view.Live)
            {
                var document = documents.Document(documents.DocumentOf(row));
                if (query.Filter is null || NaiveFilter.Holds(query.Filter, document))
                {
                    var cosine = TestVectors.Dot(view.Segment.Vectors.Vector(row).ToArray(), query.Vector.ToArray());
                    all.Add((documents.ChunkIdOf(row), document.DocumentId, bound.Score(number, row), (float)cosine));
                }
            }
        }

        var lexical = weights.UsesLexical ? all.Where(chunk => chunk.Lexical > 0).OrderByDescending(chunk => chunk.Lexical).Take(query.Candidates)
            .OrderByDescending(chunk => chunk.Lexical).ThenBy(chunk => chunk.ChunkId, StringComparer.Ordinal).ToArray() : [];
        var vectors = weights.UsesVector ? all.OrderByDescending(chunk => chunk.Cosine).Take(query.Candidates).ToArray() : [];
        var candidates = lexical.Union(vectors).ToArray();
        Func<(string ChunkId, string DocumentId, float Lexical, float Cosine), double> score = query.Fusion == FusionMethod.ReciprocalRank
            ? chunk => Reciprocal(weights.Lexical, Array.IndexOf(lexical, chunk)) + Reciprocal(weights.Vector, Array.IndexOf(vectors, chunk))
            : chunk => (weights.Lexical * Stretched(chunk.Lexical, candidates.Select(other => other.Lexical), includesZero: lexical.Length < query.Candidates))
                + (weights.Vector * Stretched(chunk.Cosine, candidates.Select(other => other.Cosine), includesZero: false));
        return
        [
            .. candidates.Select(chunk => (chunk, Score: score(chunk)))
            .OrderByDescending(chunk => chunk.Score).ThenBy(chunk => chunk.chunk.ChunkId, StringComparer.Ordinal)
            .GroupBy(chunk => chunk.chunk.DocumentId).SelectMany(group => group.Take(query.MaxChunksPerDocument ?? int.MaxValue))
            .OrderByDescending(chunk => chunk.Score).ThenBy(chunk => chunk.chunk.ChunkId, StringComparer.Ordinal)
            .Select(chunk => (chunk.chunk.ChunkId, chunk.Score)),
        ];
    }

    private static double Reciprocal(double weight, int index) => index < 0 ? 0 : weight / (61 + index);

    private static double Stretched(float score, IEnumerable<float> scores, bool includesZero)
    {
        var range = scores.ToList();
        var min = includesZero ? 0 : range.Min();
        return range.Max() > min ? (score - min) / (double)(range.Max() - min) : score > 0 ? 1 : 0;
    }

    private static IEnumerable<IndexedDocument> Live(IndexSnapshot snapshot)
    {
        foreach (var view in snapshot.Segments)
        {
            for (var document = 0; document < view.Segment.DocumentCount; document++)
            {
                if (view.LiveDocuments.Contains(document))
                {
                    yield return view.Segment.Documents.Document(document);
                }
            }
        }
    }

    private static string[] Describe(SearchResult result) =>
        [.. result.Hits.Select(hit => FormattableString.Invariant($"{hit.Chunk.ChunkId} {hit.Score:F4} {hit.Explanation!.Lexical.Rank} {hit.Explanation.Vector.Rank}"))];

    private static SearchQuery RandomQuery(Random random) => new()
    {
        Text = RandomText(random, random.Next(1, 5)),
        Vector = TestVectors.Random(random, Dimension),
        TopK = random.Next(1, 12),
        Candidates = random.Next(12, 60),
        Fusion = (FusionMethod)random.Next(4),
        VectorWeight = random.Next(5) / 4.0,
        MaxChunksPerDocument = random.Next(3) == 0 ? random.Next(1, 3) : null,
        Exact = true,
        Filter = random.Next(4) switch
        {
            0 => new Filter.EqualTo("lang", new FilterValue.Text(Languages[random.Next(3)])),
            1 => new Filter.Any([new Filter.Range("year", new FilterValue.Number(random.Next(2000, 2020)), null, null, null), new Filter.Exists("rare", IsThere: true)]),
            2 => new Filter.Not(new Filter.In("title", [new FilterValue.Text("Title 1"), new FilterValue.Text("Title 2")])),
            _ => null,
        },
    };

    private static IndexedDocument RandomDocument(Random random, int number)
    {
        var metadata = new Dictionary<string, string> { ["lang"] = Languages[random.Next(3)], ["year"] = $"{random.Next(2000, 2020)}" };
        if (random.Next(10) == 0)
        {
            metadata["rare"] = "yes";
        }

        return new IndexedDocument($"d{number}", 1, $"Title {random.Next(9)}", $"file:///{number}", metadata, [.. Enumerable.Range(0, random.Next(0, 4)).Select(i =>
            new IndexedChunk($"{number:D3}-{i}", i, [RandomText(random, 1)], RandomText(random, random.Next(3, 20)), 0, 10, TestVectors.Random(random, Dimension)))]);
    }

    private static string RandomText(Random random, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => $"word{(char)('a' + random.Next(20))}"));

    private static IndexedChunk Chunk(string id, string text, int axis) => new(id, 0, [], text, 0, text.Length, Axis(axis));

    private static float[] Axis(int axis)
    {
        var vector = new float[Dimension];
        vector[axis] = 1;
        return vector;
    }

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
