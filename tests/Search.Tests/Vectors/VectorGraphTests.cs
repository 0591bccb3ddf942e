using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

/// <summary>The graph beside its oracle, the exact scan.</summary>
public sealed class VectorGraphTests : IClassFixture<GraphFixture>
{
    private const int Wanted = 10;
    private const int WideWidth = 128;

    private readonly GraphFixture _fixture;

    public VectorGraphTests(GraphFixture fixture) => _fixture = fixture;

    [Fact]
    public void SearchGraph_ClusteredVectors_FindsNearlyAll()
    {
        _fixture.Index.Segment.HasGraph.ShouldBeTrue();
        Recall(_fixture.Index, allowed: null, Wanted).ShouldBeGreaterThan(0.98);
    }

    [Fact]
    public void SearchGraph_ManyWanted_FindsNearlyAll() => Recall(_fixture.Index, allowed: null, wanted: 200, width: 250).ShouldBeGreaterThan(0.98);

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    public void SearchGraph_SomeRowsAllowed_FindsThemAlone(double share) =>
        Recall(_fixture.Index, _fixture.Allowed(share), Wanted).ShouldBeGreaterThan(0.95);

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    public void Search_AnyShareAllowed_FindsNearlyAll(double share) =>
        Recall(_fixture.Index, _fixture.Allowed(share), Wanted, width: 0).ShouldBeGreaterThan(0.98);

    [Theory]
    [InlineData(4950)]
    [InlineData(4500)]
    [InlineData(3500)]
    public void Search_NearestRowsNotAllowed_FindsNearlyAllOfTheOthers(int allowedCount) => _fixture.Queries.Average(query =>
    {
        var allowed = new RowSet(_fixture.Rows.Length);
        foreach (var row in _fixture.Index.Search([.. query.Select(x => -x)], allowedCount, exact: true))
        {
            allowed.Add(row.Row);
        }

        return Overlap(_fixture.Index.Search(query, Wanted, allowed), _fixture.Index.Search(query, Wanted, allowed, exact: true));
    }).ShouldBeGreaterThan(0.98);

    [Fact]
    public void Search_NothingAllowed_FindsNothing() =>
        _fixture.Index.Search(_fixture.Queries[0], Wanted, new RowSet(_fixture.Rows.Length)).ShouldBeEmpty();

    [Fact]
    public void SearchGraph_Scores_AreThoseOfTheVectors()
    {
        foreach (var row in Found(_fixture.Index, _fixture.Queries[1], null, Wanted, WideWidth))
        {
            row.Score.ShouldBe(_fixture.Index.Segment.Score(row.Row, _fixture.Queries[1]));
        }
    }

    [Fact]
    public void Build_Twice_GivesTheSameGraph()
    {
        using var again = TestIndex.Of(_fixture.Rows, _fixture.Options);
        foreach (var query in _fixture.Queries)
        {
            Found(again, query, null, Wanted, width: 20).ShouldBe(Found(_fixture.Index, query, null, Wanted, width: 20));
        }
    }

    [Fact]
    public async Task Search_FromManyThreads_GivesWhatOneThreadGets()
    {
        var allowed = _fixture.Allowed(0.7);
        var expected = Array.ConvertAll(_fixture.Queries, query => Found(_fixture.Index, query, allowed, Wanted, WideWidth));
        var searches = Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < _fixture.Queries.Length; i++)
            {
                var at = (i + (thread * 5)) % _fixture.Queries.Length;
                Found(_fixture.Index, _fixture.Queries[at], allowed, Wanted, WideWidth).ShouldBe(expected[at]);
            }
        }));

        await Task.WhenAll(searches).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Write_Cancelled_Stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() => TestIndex.Of(_fixture.Rows, _fixture.Options, cancelled.Token));
    }

    /// <param name="width">Of the graph search; 0: as the engine chooses.</param>
    private double Recall(TestIndex index, RowSet? allowed, int wanted, int width = WideWidth) => _fixture.Queries.Average(query =>
        Overlap(Found(index, query, allowed, wanted, width), index.Search(query, wanted, allowed, exact: true)));

    private static ScoredRow[] Found(TestIndex index, float[] query, RowSet? allowed, int wanted, int width)
    {
        if (width == 0)
        {
            return index.Search(query, wanted, allowed);
        }

        var top = new TopRows(wanted);
        index.Segment.SearchGraph(query, allowed, width, firstRow: 0, top);
        return top.TakeSorted();
    }

    private static double Overlap(ScoredRow[] found, ScoredRow[] expected)
    {
        found.Length.ShouldBe(expected.Length);
        return expected.Length == 0 ? 1 : found.Intersect(expected).Count() / (double)expected.Length;
    }
}

public sealed class GraphFixture : IDisposable
{
    private const int RowCount = 5000;
    private const int Dimension = 48;

    private readonly TestIndex _index;

    public GraphFixture()
    {
        var random = new Random(11);
        Rows = TestVectors.Clustered(random, RowCount, Dimension, clusters: 60);
        Queries = TestVectors.Clustered(random, 50, Dimension, clusters: 60);
        _index = TestIndex.Of(Rows, Options);
    }

    internal CollectionIndexOptions Options { get; } = TestOptions.Of(Dimension, graphFromChunks: 1);

    internal float[][] Rows { get; }

    internal float[][] Queries { get; }

    internal TestIndex Index => _index;

    public void Dispose() => _index.Dispose();

    internal RowSet Allowed(double share)
    {
        var random = new Random(12);
        var allowed = new RowSet(RowCount);
        for (var row = 0; row < RowCount; row++)
        {
            if (random.NextDouble() < share)
            {
                allowed.Add(row);
            }
        }

        return allowed;
    }
}
