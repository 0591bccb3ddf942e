using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

public class FlatVectorIndexTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(384, 3)]
    public void Collect_AfterRandomAddsAndRemoves_EqualsNaiveScan(int dimension, int seed)
    {
        var random = new Random(seed);
        var index = new FlatVectorIndex(dimension);
        var vectors = new Dictionary<int, float[]>();
        for (var round = 0; round < 3000; round++)
        {
            var id = random.Next(1500);
            if (vectors.Remove(id))
            {
                index.Remove(id).ShouldBeTrue();
            }
            else
            {
                vectors[id] = TestVectors.Random(random, dimension);
                index.Add(id, vectors[id]);
            }
        }
        var query = TestVectors.Random(random, dimension);
        var top = new TopK(20, Comparer<int>.Default);

        index.CollectInto(top, query);

        var expected = vectors.Select(pair => (Id: pair.Key, Score: TestVectors.Dot(pair.Value, query)))
            .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Id).Take(20).ToArray();
        var actual = top.TakeSorted();
        index.Count.ShouldBe(vectors.Count);
        actual.Length.ShouldBe(20);
        for (var i = 0; i < actual.Length; i++)
        {
            ((double)actual[i].Score).ShouldBe(expected[i].Score, 1e-5);
            index.Score(actual[i].Id, query).ShouldBe(actual[i].Score);
            TestVectors.Dot(vectors[actual[i].Id], query).ShouldBe(actual[i].Score, 1e-5);
        }
    }

    [Fact]
    public void Add_WrongDimensionOrIdInUse_IsRefusedAndChangesNothing()
    {
        var index = new FlatVectorIndex(3);
        index.Add(1, [1, 0, 0]);

        Should.Throw<ArgumentException>(() => index.Add(2, [1, 0])).Message.ShouldContain("2 dimensions");
        Should.Throw<ArgumentException>(() => index.Add(1, [0, 1, 0]));

        index.Count.ShouldBe(1);
        index.Score(1, [1, 0, 0]).ShouldBe(1);
    }

    [Fact]
    public void Remove_IdNotThere_SaysSo() => new FlatVectorIndex(3).Remove(4).ShouldBeFalse();
}
