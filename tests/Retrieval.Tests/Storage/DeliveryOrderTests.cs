using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage;

/// <summary>Guarantees 2 to 4: whatever order and however often messages come, the highest version or deletion wins, whole.</summary>
public sealed class DeliveryOrderTests : IAsyncLifetime
{
    private TestStore _test = null!;

    public async Task InitializeAsync() => _test = await TestStore.OpenAsync();

    public Task DisposeAsync()
    {
        _test.Dispose();
        return Task.CompletedTask;
    }

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

        await _test.ReopenAsync();
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

    /// <summary>Versions 1 and 4 in two batches each, 5 in one or two, and the deletion if there is one: each one to three times, shuffled.</summary>
    private List<Func<Task>> Deliveries(string id, int deletedVersion, Random random)
    {
        var batches = random.Next(1, 3);
        var messages = new long[] { 1, 4 }.SelectMany(version => Batches.Version(Batches.Document(id), version))
            .Concat(Batches.Version(Batches.Document(id), 5, batches, chunksPerBatch: 4 / batches))
            .Select(batch => (Func<Task>)(() => _test.StageAsync(batch)))
            .ToList();
        if (deletedVersion > 0)
        {
            messages.Add(() => _test.RemoveAsync(id, deletedVersion));
        }

        var deliveries = messages.SelectMany(message => Enumerable.Repeat(message, random.Next(1, 4))).ToArray();
        random.Shuffle(deliveries);
        return [.. deliveries];
    }

    private static string Expected(int deletedVersion) => deletedVersion > 5
        ? $"visible 0, deleted {deletedVersion}, staged [] [], found []"
        : $"visible 5, deleted {deletedVersion}, staged [] [], found [5.0 5.1 5.2 5.3]";
}
