using RagPlatform.Search.InMemory;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage;

/// <summary>Guarantees 2 to 4: whatever order and however often messages come, the highest version or deletion wins, whole.</summary>
public sealed class DeliveryOrderTests : IDisposable
{
    private readonly TestStore _test = new();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Messages_InAnyOrderAndNumber_EndInTheSameState(int deletedVersion)
    {
        var random = new Random(deletedVersion + 100);
        for (var round = 0; round < 60; round++)
        {
            var id = $"doc{round}";
            foreach (var deliver in Deliveries(id, deletedVersion, random))
            {
                await deliver();
            }

            (await _test.DescribeAsync(id)).ShouldBe(Expected(deletedVersion), $"round {round}");
        }

        _test.Reopen();
        (await _test.DescribeAsync("doc0")).ShouldBe(Expected(deletedVersion));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Messages_InParallel_EndInTheSameState(int deletedVersion)
    {
        var random = new Random(deletedVersion + 200);
        for (var round = 0; round < 30; round++)
        {
            var id = $"doc{round}";
            var deliveries = Deliveries(id, deletedVersion, random).ToArray();

            await Task.WhenAll(deliveries.Select(deliver => Task.Run(deliver))).WithTimeout("parallel delivery");

            (await _test.DescribeAsync(id)).ShouldBe(Expected(deletedVersion), $"round {round}");
        }
    }

    [Fact]
    public async Task Search_WhileVersionsSwitch_SeesExactlyOneWholeVersion()
    {
        const int Versions = 150;
        foreach (var batch in Batches.Version(Batches.Document(), 1))
        {
            await _test.Store.StageAsync(TestStore.Docs, batch, default);
        }

        var switching = Task.Run(async () =>
        {
            for (var version = 2; version <= Versions; version++)
            {
                foreach (var batch in Batches.Version(Batches.Document(), version))
                {
                    await _test.Store.StageAsync(TestStore.Docs, batch, default);
                }
            }
        });
        var last = 0L;
        var reads = 0;
        while (!switching.IsCompleted || reads < 100)
        {
            var hits = (await _test.Store.SearchAsync(TestStore.Docs, Batches.Model, new InMemoryQuery("common", new float[] { 1, 0, 0, 0 }, 100, 0.5), default)).Hits;
            hits.Count.ShouldBe(4);
            var version = hits.Select(hit => hit.Payload.Document.Version).Distinct().ShouldHaveSingleItem();
            version.ShouldBeGreaterThanOrEqualTo(last);
            last = version;
            reads++;
        }

        await switching.WithTimeout("switching");
        (await _test.DescribeAsync("doc")).ShouldBe($"visible {Versions}, deleted 0, versions [{Versions}], chunks [{Versions}.0 {Versions}.1 {Versions}.2 {Versions}.3], staged [], found [{Versions}@0 {Versions}@100 {Versions}@200 {Versions}@300]");
    }

    public void Dispose() => _test.Dispose();

    /// <summary>Versions 1, 4 and 5 in two batches each, and the deletion if there is one: each one to three times, shuffled.</summary>
    private List<Func<Task>> Deliveries(string id, int deletedVersion, Random random)
    {
        var messages = new long[] { 1, 4, 5 }.SelectMany(version => Batches.Version(Batches.Document(id), version))
            .Select(batch => (Func<Task>)(() => _test.Store.StageAsync(TestStore.Docs, batch, default)))
            .ToList();
        if (deletedVersion > 0)
        {
            messages.Add(() => _test.Store.RemoveAsync(TestStore.Docs, id, deletedVersion, default));
        }

        var deliveries = messages.SelectMany(message => Enumerable.Repeat(message, random.Next(1, 4))).ToArray();
        random.Shuffle(deliveries);
        return [.. deliveries];
    }

    private static string Expected(int deletedVersion) => deletedVersion > 5
        ? $"visible 0, deleted {deletedVersion}, versions [], chunks [], staged [], found []"
        : $"visible 5, deleted {deletedVersion}, versions [5], chunks [5.0 5.1 5.2 5.3], staged [], found [5@0 5@100 5@200 5@300]";
}
