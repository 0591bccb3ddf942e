using Microsoft.Extensions.Logging.Abstractions;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Features.ResumeUnfinished;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>A restart is a new registry on the same file: what was unfinished is announced, each once per round.</summary>
public sealed class ResumeUnfinishedTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _clock = new();
    private readonly RecordingPublisher _bus = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restart_AnnouncesEverythingUnfinished_OnceAndOldestFirst()
    {
        using (var before = new TestRegistry(_folder.Path, _clock))
        {
            foreach (var id in new[] { "received", "begun", "embedding", "indexed", "failed", "deleting" })
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                await before.PutAsync(id, id);
            }

            await before.Progress.BeginAsync(TestRegistry.Key("begun"), 1, true, CancellationToken.None);
            await before.Progress.BeginAsync(TestRegistry.Key("embedding"), 1, true, CancellationToken.None);
            await before.Progress.RecordTextAsync(TestRegistry.Key("embedding"), 1, "embedding", "", CancellationToken.None);
            await before.Progress.RecordChunksAsync(TestRegistry.Key("embedding"), 1, 1, 1, CancellationToken.None);
            await before.IndexAsync(1, "indexed", "indexed");
            await before.Progress.FailAsync(TestRegistry.Key("failed"), 1, new DocumentFailure("extracting", "X", "r", "m"), CancellationToken.None);
            await before.Writer.RequestDeletionAsync(TestRegistry.Key("deleting"), CancellationToken.None);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using var after = new TestRegistry(_folder.Path, _clock);
        (await Resumer(after).ResumeAsync(CancellationToken.None)).Announced.ShouldBe(4);
        _bus.Received.Select(message => message.Document.DocumentId).ShouldBe(["received", "begun", "embedding"]);
        _bus.Deletions.Select(message => (message.Document.DocumentId, message.Version)).ShouldBe([("deleting", 2)]);

        (await Resumer(after).ResumeAsync(CancellationToken.None)).Announced.ShouldBe(0);
    }

    [Fact]
    public async Task Rounds_AreBounded_AndTogetherAnnounceEachOnce()
    {
        using (var before = new TestRegistry(_folder.Path, _clock))
        {
            for (var index = 0; index < 25; index++)
            {
                await before.PutAsync("text", $"document {index:00}");
            }
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using var after = new TestRegistry(_folder.Path, _clock, options => options.ResumeBatch = 10);
        var rounds = new List<int>();
        for (var round = 0; round < 4; round++)
        {
            rounds.Add((await Resumer(after).ResumeAsync(CancellationToken.None)).Announced);
        }

        rounds.ShouldBe([10, 10, 5, 0]);
        _bus.Received.Select(message => message.Document.DocumentId).Order().ShouldBe(Enumerable.Range(0, 25).Select(index => $"document {index:00}"));
    }

    [Fact]
    public async Task Put_WhoseAnnouncementFailed_IsAnnouncedByTheResumer()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        _bus.IsDown = true;
        var put = await registry.PutAsync("text");
        (await Announcer(registry).TryAnnounceAsync(put.Version, CancellationToken.None)).ShouldBeFalse();
        _bus.IsDown = false;

        (await Resumer(registry).ResumeAsync(CancellationToken.None)).Announced.ShouldBe(0, "a put may still be announcing it");
        _clock.Advance(TimeSpan.FromSeconds(30));
        (await Resumer(registry).ResumeAsync(CancellationToken.None)).Announced.ShouldBe(1);
        _bus.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stalled_IsResumedLaterAndLater_ThenFails()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        var resumer = Resumer(registry);
        await Announcer(registry).TryAnnounceAsync((await registry.PutAsync("text")).Version, CancellationToken.None);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            (await registry.Progress.BeginAsync(TestRegistry.Key(), 1, true, CancellationToken.None)).ShouldNotBeNull();
            _clock.Advance(TimeSpan.FromSeconds(300 * (1 << attempt)) - TimeSpan.FromSeconds(1));
            (await resumer.ResumeAsync(CancellationToken.None)).Announced.ShouldBe(0);
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await resumer.ResumeAsync(CancellationToken.None)).Announced.ShouldBe(1);
        }

        (await registry.Progress.BeginAsync(TestRegistry.Key(), 1, true, CancellationToken.None)).ShouldBeNull();
        registry.Latest().Failure.ShouldNotBeNull().Code.ShouldBe("TOO_MANY_ATTEMPTS");
        _clock.Advance(TimeSpan.FromDays(30));
        (await resumer.ResumeAsync(CancellationToken.None)).Announced.ShouldBe(0);
    }

    [Fact]
    public async Task Restarts_HoweverMany_CountAgainstNoDocumentThatHasItsChunks()
    {
        using (var first = new TestRegistry(_folder.Path, _clock))
        {
            await first.PutAsync("text");
            await first.PutAsync("gone", "deleted");
            await first.Writer.RequestDeletionAsync(TestRegistry.Key("deleted"), CancellationToken.None);
        }

        for (var restart = 0; restart < 10; restart++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            using var registry = new TestRegistry(_folder.Path, _clock);
            (await Resumer(registry).ResumeAsync(CancellationToken.None)).Announced.ShouldBe(2);
            (await registry.Progress.BeginAsync(TestRegistry.Key(), 1, true, CancellationToken.None)).ShouldNotBeNull();
            await registry.Progress.RecordTextAsync(TestRegistry.Key(), 1, "text", "", CancellationToken.None);
            await registry.Progress.RecordChunksAsync(TestRegistry.Key(), 1, 1, 1, CancellationToken.None);
            registry.Latest().Attempts.ShouldBe(1);
        }
    }

    [Fact]
    public async Task EmbeddingAndDeletion_ThatNeverAnswer_FailAfterTheLastTry()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        await registry.Progress.BeginAsync(TestRegistry.Key(), 1, true, CancellationToken.None);
        await registry.Progress.RecordTextAsync(TestRegistry.Key(), 1, "text", "", CancellationToken.None);
        await registry.Progress.RecordChunksAsync(TestRegistry.Key(), 1, 1, 1, CancellationToken.None);
        await registry.PutAsync("gone", "deleted");
        await registry.Writer.RequestDeletionAsync(TestRegistry.Key("deleted"), CancellationToken.None);
        for (var round = 0; round < 10; round++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            await Resumer(registry).ResumeAsync(CancellationToken.None);
        }

        registry.Latest().Failure.ShouldNotBeNull().Step.ShouldBe("embedding");
        registry.Latest("deleted").Failure.ShouldNotBeNull().Step.ShouldBe("deleting");
        (_bus.Received.Count, _bus.Deletions.Count).ShouldBe((5, 6), "the first announcement, then five or four more tries");
    }

    [Fact]
    public async Task Stalled_ThatFailsAfterTheLastTry_LeavesItsPlaceToThoseWhoComeAfter()
    {
        using var registry = new TestRegistry(_folder.Path, _clock, options => (options.MaxAttempts, options.MaxDocumentsInFlight) = (1, 1));
        var inFlight = new DocumentsInFlight(registry.Options);
        var resumer = new ResumeUnfinishedHandler(registry.Unfinished, Announcer(registry), inFlight, NullLogger<ResumeUnfinishedHandler>.Instance);
        await Announcer(registry).TryAnnounceAsync((await registry.PutAsync("text")).Version, CancellationToken.None);
        await registry.Progress.BeginAsync(TestRegistry.Key(), 1, true, CancellationToken.None);
        await registry.Progress.RecordTextAsync(TestRegistry.Key(), 1, "text", "", CancellationToken.None);
        await inFlight.EnterAsync(TestRegistry.Key(), 1, CancellationToken.None);
        await registry.Progress.RecordChunksAsync(TestRegistry.Key(), 1, 1, 1, CancellationToken.None);

        _clock.Advance(TimeSpan.FromDays(1));
        await resumer.ResumeAsync(CancellationToken.None);

        registry.Latest().State.ShouldBe(DocumentState.Failed);
        inFlight.Contains(TestRegistry.Key(), 1).ShouldBeFalse("put again, it would be skipped as one that is under way");
        await inFlight.EnterAsync(TestRegistry.Key("other"), 1, CancellationToken.None).WithTimeout("a free place");
    }

    [Fact]
    public async Task Deletion_ThatWasNotAnnounced_IsResumed_ThoughSomethingWasPutAfterIt_UntilThatIsIndexed()
    {
        using (var before = new TestRegistry(_folder.Path, _clock))
        {
            await before.PutAsync("old");
            await before.IndexAsync(1, "old");
            await before.Writer.RequestDeletionAsync(TestRegistry.Key(), CancellationToken.None);
            await before.PutAsync("unreadable");
            await before.Progress.FailAsync(TestRegistry.Key(), 3, new DocumentFailure("extracting", "X", "r", "m"), CancellationToken.None);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using (var after = new TestRegistry(_folder.Path, _clock))
        {
            await Resumer(after).ResumeAsync(CancellationToken.None);
            _bus.Deletions.ShouldHaveSingleItem().Version.ShouldBe(2);
            await after.PutAsync("new");
            await after.IndexAsync(4, "new");
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using var last = new TestRegistry(_folder.Path, _clock);
        (await Resumer(last).ResumeAsync(CancellationToken.None)).Announced.ShouldBe(0);
    }

    [Fact]
    public async Task Postponed_IsNotResumedBeforeItsTime()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await Announcer(registry).TryAnnounceAsync((await registry.PutAsync("text")).Version, CancellationToken.None);
        await registry.Progress.BeginAsync(TestRegistry.Key(), 1, true, CancellationToken.None);
        await registry.Progress.PostponeAsync(TestRegistry.Key(), 1, "The embedding service cannot be reached.", CancellationToken.None);

        _clock.Advance(TimeSpan.FromSeconds(29));
        (await Resumer(registry).ResumeAsync(CancellationToken.None)).Announced.ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await Resumer(registry).ResumeAsync(CancellationToken.None)).Announced.ShouldBe(1);
        registry.Log.ReadLatest(TestRegistry.Key(), 10)[^1].Detail.ShouldBe("postponed: The embedding service cannot be reached.");
    }

    [Fact]
    public async Task Postponed_WhileADependencyIsDownForHours_IsTriedMoreAndMoreRarelyAndFailsAtTheEndOfItsPatience()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await Announcer(registry).TryAnnounceAsync((await registry.PutAsync("text")).Version, CancellationToken.None);
        var tries = 0;
        for (var hours = 0; hours < 24; hours++)
        {
            for (var minute = 0; minute < 60; minute++)
            {
                if ((await Resumer(registry).ResumeAsync(CancellationToken.None)).Announced > 0 || tries == 0)
                {
                    tries++;
                    await registry.Progress.BeginAsync(TestRegistry.Key(), 1, true, CancellationToken.None);
                    await registry.Progress.PostponeAsync(TestRegistry.Key(), 1, "The embedding service cannot be reached.", CancellationToken.None);
                }

                _clock.Advance(TimeSpan.FromMinutes(1));
            }

            registry.Catalog.Find(TestRegistry.Key())!.State.ShouldBe(DocumentState.Extracting);
        }

        tries.ShouldBeInRange(24 * 4, 24 * 6);
        await registry.Progress.BeginAsync(TestRegistry.Key(), 1, true, CancellationToken.None);
        await registry.Progress.PostponeAsync(TestRegistry.Key(), 1, "The embedding service cannot be reached.", CancellationToken.None);
        registry.Catalog.Find(TestRegistry.Key())!.State.ShouldBe(DocumentState.Failed);
    }

    private ResumeUnfinishedHandler Resumer(TestRegistry registry) =>
        new(registry.Unfinished, Announcer(registry), new DocumentsInFlight(registry.Options), NullLogger<ResumeUnfinishedHandler>.Instance);

    private DocumentAnnouncer Announcer(TestRegistry registry) =>
        new(_bus, registry.Unfinished, registry.Options, TimeProvider.System, NullLogger<DocumentAnnouncer>.Instance);
}
