using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Scheduling;

/// <summary>The process ends after each step of a version's way, or another version comes: the next process finishes what is to be finished.</summary>
public sealed class InterruptedTests : IDisposable
{
    private const string Text = "A text of one chunk.";
    private static readonly string[] Order = ["received", "begun", "extracted", "cut", "embedded", "postponed"];

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Steps => new(Order);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Version_WhoseProcessEnded_IsFinishedByTheNext(string step)
    {
        await LeaveAsync(step, _ => Task.CompletedTask);

        await using var host = await StartAsync();

        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Indexed);
        host.Downstream.Index.Values.ShouldBe([Text]);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Version_SupersededWhileItWasOnItsWay_IsPassedOver(string step)
    {
        await LeaveAsync(step, registry => registry.PutAsync("Another text."));

        await using var host = await StartAsync();

        var last = (await host.WatchAsync("a"))[^1];
        (last.State, last.Version).ShouldBe((DocumentState.Indexed, 2));
        host.Downstream.Prepared.ShouldAllBe(batch => batch.Version == 2);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Version_DeletedWhileItWasOnItsWay_IsPassedOver(string step)
    {
        await LeaveAsync(step, registry => registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None));

        await using var host = await StartAsync();

        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Deleted);
        host.Downstream.Prepared.ShouldBeEmpty();
    }

    /// <summary>As a process leaves the registry that is killed after the step.</summary>
    private async Task LeaveAsync(string step, Func<TestRegistry, Task> then)
    {
        using var registry = new TestRegistry(_folder.Path, new ManualTime(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(5)));
        var (key, none) = (TestRegistry.Key(), CancellationToken.None);
        Func<Task>[] ways =
        [
            () => registry.PutAsync(Text),
            () => registry.Progress.BeginAsync(key, 1, none),
            () => registry.Progress.RecordTextAsync(key, 1, Text, "", none),
            () => registry.Progress.RecordChunksAsync(key, 1, 1, 1, none),
            () => registry.Progress.RecordEmbeddedAsync(key, 1, 0, 1, none),
            () => registry.Progress.PostponeAsync(key, 1, "down", TimeSpan.Zero, none),
        ];
        foreach (var way in ways[..(Array.IndexOf(Order, step) + 1)])
        {
            await way();
        }

        await then(registry);
    }

    private Task<IngestionHost> StartAsync() => IngestionHost.StartAsync(_folder.Path, settings: ("Ingestion:ResumeIntervalSeconds", "1"));
}
