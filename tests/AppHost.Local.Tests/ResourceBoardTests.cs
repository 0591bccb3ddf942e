using RagPlatform.AppHost.Local.Running;
using RagPlatform.TestKit;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class ResourceBoardTests
{
    private readonly ResourceBoard board = new();

    [Fact]
    public async Task Watch_ByASlowReader_SkipsWhatWasOvertaken()
    {
        board.Add(Snapshot("gateway"));
        board.Add(Snapshot("retrieval"));
        await using var reader = board.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        (await reader.MoveNextAsync().AsTask().WithTimeout("the first news")).ShouldBeTrue();
        reader.Current.Count.ShouldBe(2);

        for (var restarts = 1; restarts <= 100; restarts++)
        {
            board.Update("gateway", current => current with { Restarts = restarts });
        }

        await reader.MoveNextAsync().AsTask().WithTimeout("the later news");
        reader.Current.ShouldHaveSingleItem().Restarts.ShouldBe(100);
    }

    [Fact]
    public async Task Wait_ForAConditionThatComesTrue_Returns()
    {
        board.Add(Snapshot("gateway"));
        var waiting = board.WaitAsync("gateway", snapshot => snapshot.IsRunning, CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();

        board.Update("gateway", current => current with { State = ResourceStates.Running });

        await waiting.WithTimeout("the wait");
    }

    [Fact]
    public async Task Wait_ForAnotherResource_IsNotMetByThisOne()
    {
        board.Add(Snapshot("gateway") with { State = ResourceStates.Running });
        board.Add(Snapshot("retrieval"));
        using var stop = new CancellationTokenSource();
        var waiting = board.WaitAsync("retrieval", snapshot => snapshot.IsRunning, stop.Token);

        waiting.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting.WithTimeout("the cancelled wait"));
    }

    private static ResourceSnapshot Snapshot(string name) => new(name, ResourceKind.Project, DateTimeOffset.UnixEpoch);
}
