using Microsoft.Extensions.Logging.Abstractions;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.ResumeUnfinished;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>A restart is a new registry on the same file: what was unfinished waits again, and deletions are announced, each once.</summary>
public sealed class ResumeUnfinishedTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _clock = new();
    private readonly RecordingPublisher _bus = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restart_PutsBackWhatWasTaken_InTheOrderOfTheirArrival_AndAnnouncesDeletions()
    {
        using (var before = new TestRegistry(_folder.Path, _clock))
        {
            foreach (var id in new[] { "received", "begun", "embedding", "indexed", "failed", "deleting" })
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                await before.PutAsync(id, id);
            }

            await before.Progress.BeginAsync(TestRegistry.Key("begun"), 1, CancellationToken.None);
            await EmbedAsync(before, "embedding");
            await before.IndexAsync(1, "indexed", "indexed");
            await before.Progress.FailAsync(TestRegistry.Key("failed"), 1, new DocumentFailure("extracting", "X", "r", "m"), CancellationToken.None);
            await before.Writer.RequestDeletionAsync(TestRegistry.Key("deleting"), "", CancellationToken.None);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using var after = new TestRegistry(_folder.Path, _clock);
        (await after.Queue.PutBackTakenAsync(CancellationToken.None)).ShouldBe(2);
        after.Waiting().Select(waiting => waiting.Key.DocumentId).ShouldBe(["received", "begun", "embedding"]);
        (await ResumeAsync(after)).Announced.ShouldBe(1);
        _bus.Deletions.Select(message => (message.Document.DocumentId, message.Version)).ShouldBe([("deleting", 2)]);
        (await ResumeAsync(after)).ShouldBe(new ResumeRound(0, 0, IsCutShort: false, HasMore: false));
    }

    [Fact]
    public async Task Deletions_AreAnnouncedInBoundedRounds_EachOnce()
    {
        using (var before = new TestRegistry(_folder.Path, _clock))
        {
            for (var index = 0; index < 25; index++)
            {
                await before.PutAsync("text", $"document {index:00}");
                await before.Writer.RequestDeletionAsync(TestRegistry.Key($"document {index:00}"), "", CancellationToken.None);
            }
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using var after = new TestRegistry(_folder.Path, _clock, options => options.ResumeBatch = 10);
        var rounds = new List<(int, bool)>();
        for (var count = 0; count < 4; count++)
        {
            var round = await ResumeAsync(after);
            rounds.Add((round.Announced, round.HasMore));
        }

        rounds.ShouldBe([(10, true), (10, true), (5, false), (0, false)]);
        _bus.Deletions.Select(message => message.Document.DocumentId).Order().ShouldBe(Enumerable.Range(0, 25).Select(index => $"document {index:00}"));
    }

    [Fact]
    public async Task Deletion_WhoseAnnouncementFailed_IsAnnouncedByTheResumer()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        var deletion = (await registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None)).ShouldNotBeNull();
        _bus.IsDown = true;
        (await Announcer(registry).TryAnnounceAsync(deletion, CancellationToken.None)).ShouldBeFalse();
        _bus.IsDown = false;

        (await ResumeAsync(registry)).Announced.ShouldBe(0, "the deletion may still be announcing itself");
        _clock.Advance(TimeSpan.FromSeconds(30));
        (await ResumeAsync(registry)).Announced.ShouldBe(1);
        _bus.Deletions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Taken_ByNobodyWhoIsThere_WaitsAgainLaterAndLater_ThenFails()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            (await registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None)).ShouldNotBeNull();
            _clock.Advance(TimeSpan.FromSeconds(300 * (1 << attempt)) - TimeSpan.FromSeconds(1));
            (await ResumeAsync(registry)).PutBack.ShouldBe(0);
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await ResumeAsync(registry)).PutBack.ShouldBe(1);
        }

        (await registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None)).ShouldBeNull();
        registry.Latest().Failure.ShouldNotBeNull().Code.ShouldBe("TOO_MANY_ATTEMPTS");
        _clock.Advance(TimeSpan.FromDays(30));
        (await ResumeAsync(registry)).PutBack.ShouldBe(0);
    }

    [Fact]
    public async Task Restarts_HoweverMany_CountAgainstNoDocumentThatHasItsChunks()
    {
        using (var first = new TestRegistry(_folder.Path, _clock))
        {
            await first.PutAsync("text");
            await first.PutAsync("gone", "deleted");
            await first.Writer.RequestDeletionAsync(TestRegistry.Key("deleted"), "", CancellationToken.None);
        }

        for (var restart = 0; restart < 10; restart++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            using var registry = new TestRegistry(_folder.Path, _clock);
            await registry.Queue.PutBackTakenAsync(CancellationToken.None);
            (await ResumeAsync(registry)).Announced.ShouldBe(1);
            await EmbedAsync(registry, "a");
            registry.Latest().Attempts.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Embedding_ThatNeverAnswersForOneDocumentAlone_FailsItAfterTheLastTry()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await SendAsync(registry, "a");
            _clock.Advance(TimeSpan.FromSeconds(1));
            registry.Work.Returned(TestRegistry.Key("another"), 1, 0);
            _clock.Advance(TimeSpan.FromDays(1));
            await ResumeAsync(registry);
        }

        registry.Latest().Failure.ShouldNotBeNull().Step.ShouldBe("embedding");
        registry.Work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0), "it leaves its place to those who come after");
    }

    [Fact]
    public async Task Embedding_ThatAnswersNobody_IsNotCountedAgainstTheDocument_WhichIsSentAgain()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        for (var round = 0; round < 20; round++)
        {
            await SendAsync(registry, "a");
            _clock.Advance(TimeSpan.FromDays(1));
            (await ResumeAsync(registry)).PutBack.ShouldBe(1);
        }

        (registry.Latest().State, registry.Latest().Attempts).ShouldBe((DocumentState.Embedding, 1));
    }

    [Fact]
    public async Task UnderWay_InASlotOrWaitingForItsTurnToBeSent_IsNotStalled_HoweverLong()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        var picked = registry.Picker.Pick().ShouldNotBeNull();
        await registry.Progress.BeginAsync(picked.Key, 1, CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(1));
        (await ResumeAsync(registry)).PutBack.ShouldBe(0);
        registry.Work.Prepared(picked, [Batches.Of(picked, 0, 1, chunks: 1)], default);
        _clock.Advance(TimeSpan.FromDays(1));
        (await ResumeAsync(registry)).PutBack.ShouldBe(0);
        registry.Latest().Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Batches_ThatWereLost_WhileOthersOfTheDocumentWaitForTheirTurn_AreSentAgain()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        var picked = registry.Picker.Pick().ShouldNotBeNull();
        await EmbedAsync(registry, "a");
        registry.Work.Prepared(picked, Batches.All(picked, 10, chunks: 32), default);
        while (registry.Work.NextBatch() is not null)
        {
            // As many as there is room for; none of them ever comes back.
        }

        registry.Work.Counts.ChunksInFlight.ShouldBeInRange(1, 9 * 32, "the others wait for room");
        _clock.Advance(TimeSpan.FromDays(1));

        (await ResumeAsync(registry)).PutBack.ShouldBe(1);
        registry.Work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0));
        registry.Latest().Attempts.ShouldBe(1, "no vectors of anybody came back: that says nothing about the document");
    }

    [Fact]
    public async Task Batches_ThatWereLost_OfAVersionThatWasSupersededMeanwhile_KeepNoPlace()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        var picked = registry.Picker.Pick().ShouldNotBeNull();
        await EmbedAsync(registry, "a");
        registry.Work.Prepared(picked, Batches.All(picked, 2, chunks: 1), default);
        registry.Work.NextBatch().ShouldNotBeNull();
        await registry.PutAsync("newer");
        registry.Work.Supersede(picked.Key, 2);
        await ResumeAsync(registry);
        registry.Work.Counts.ChunksInFlight.ShouldBe(1, "they may still come back");

        _clock.Advance(TimeSpan.FromSeconds(300));
        await ResumeAsync(registry);

        registry.Work.Counts.ShouldBe(new WorkCounts(0, 0, 0, 0, 0));
        registry.Waiting().ShouldHaveSingleItem().Version.ShouldBe(2);
    }

    [Fact]
    public async Task Sent_JustNow_AfterALongWaitForItsTurn_IsNotStalled()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        var picked = registry.Picker.Pick().ShouldNotBeNull();
        await EmbedAsync(registry, "a");
        registry.Work.Prepared(picked, [Batches.Of(picked, 0, 1, chunks: 1)], default);
        _clock.Advance(TimeSpan.FromDays(1));
        registry.Work.NextBatch().ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromSeconds(1));
        registry.Work.Returned(TestRegistry.Key("another"), 1, 0);

        (await ResumeAsync(registry)).PutBack.ShouldBe(0);
        registry.Latest().Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Stalled_BehindManyThatWaitForTheirTurn_IsFound()
    {
        using var registry = new TestRegistry(_folder.Path, _clock, options => options.ResumeBatch = 1);
        await registry.PutAsync("text", "waits");
        var waiting = registry.Picker.Pick().ShouldNotBeNull();
        await EmbedAsync(registry, "waits");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await registry.PutAsync("text", "lost");
        await SendAsync(registry, "lost");
        registry.Work.Prepared(waiting, [Batches.Of(waiting, 0, 1, chunks: 1)], default);
        _clock.Advance(TimeSpan.FromDays(1));

        (await ResumeAsync(registry)).PutBack.ShouldBe(1);

        registry.Waiting().ShouldHaveSingleItem().Key.DocumentId.ShouldBe("lost");
    }

    [Fact]
    public async Task Deletion_ThatNeverAnswers_FailsAfterTheLastTry()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("gone");
        await registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None);
        for (var round = 0; round < 10; round++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            await ResumeAsync(registry);
        }

        registry.Latest().Failure.ShouldNotBeNull().Step.ShouldBe("deleting");
        _bus.Deletions.Count.ShouldBe(6, "the first announcement, then five more tries");
    }

    [Fact]
    public async Task Deletion_ThatWasNotAnnounced_IsResumed_ThoughSomethingWasPutAfterIt_UntilThatIsIndexed()
    {
        using (var before = new TestRegistry(_folder.Path, _clock))
        {
            await before.PutAsync("old");
            await before.IndexAsync(1, "old");
            await before.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None);
            await before.PutAsync("unreadable");
            await before.Progress.FailAsync(TestRegistry.Key(), 3, new DocumentFailure("extracting", "X", "r", "m"), CancellationToken.None);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using (var after = new TestRegistry(_folder.Path, _clock))
        {
            await ResumeAsync(after);
            _bus.Deletions.ShouldHaveSingleItem().Version.ShouldBe(2);
            await after.PutAsync("new");
            await after.IndexAsync(4, "new");
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using var last = new TestRegistry(_folder.Path, _clock);
        (await ResumeAsync(last)).Announced.ShouldBe(0);
    }

    [Fact]
    public async Task Postponed_WaitsAgainAtItsTime()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        (await registry.Progress.PostponeAsync(TestRegistry.Key(), 1, "The embedding service cannot be reached.", TimeSpan.Zero, CancellationToken.None)).ShouldBeTrue();
        registry.Waiting().ShouldBeEmpty();

        _clock.Advance(TimeSpan.FromSeconds(29));
        (await ResumeAsync(registry)).PutBack.ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await ResumeAsync(registry)).PutBack.ShouldBe(1);
        registry.Waiting().ShouldHaveSingleItem();
        registry.Latest().Attempts.ShouldBe(0);
        registry.Log.ReadLatest(TestRegistry.Key(), 10)[^1].Detail.ShouldBe("postponed: The embedding service cannot be reached.");
    }

    [Fact]
    public async Task Postponed_WhileADependencyIsDownForHours_IsTriedMoreAndMoreRarely_AndFailsAtTheEndOfItsPatience()
    {
        using var registry = new TestRegistry(_folder.Path, _clock);
        await registry.PutAsync("text");
        var (tries, start) = (0, _clock.GetUtcNow());
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            await ResumeAsync(registry);
            if (registry.Waiting().Count > 0)
            {
                tries++;
                await registry.Progress.PostponeAsync(TestRegistry.Key(), 1, "The embedding service cannot be reached.", _clock.GetUtcNow() - start, CancellationToken.None);
            }

            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        tries.ShouldBeInRange(24 * 4, 24 * 6);
        registry.Latest().State.ShouldBe(DocumentState.Received);
        await registry.Queue.PutBackPostponedAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(15));
        await registry.Queue.PutBackPostponedAsync(CancellationToken.None);
        (await registry.Progress.PostponeAsync(TestRegistry.Key(), 1, "The embedding service cannot be reached.", TimeSpan.FromHours(24), CancellationToken.None)).ShouldBeFalse();
        registry.Latest().Failure.ShouldNotBeNull().Code.ShouldBe("DEPENDENCY_UNAVAILABLE");
    }

    /// <summary>Brings the document to the pacer and lets its only batch out, as the service does.</summary>
    private static async Task SendAsync(TestRegistry registry, string id)
    {
        var picked = registry.Picker.Pick().ShouldNotBeNull();
        picked.Key.DocumentId.ShouldBe(id);
        await EmbedAsync(registry, id);
        registry.Work.Prepared(picked, [Batches.Of(picked, 0, 1, chunks: 1)], default);
        registry.Work.NextBatch().ShouldNotBeNull();
    }

    private static async Task EmbedAsync(TestRegistry registry, string id)
    {
        (await registry.Progress.BeginAsync(TestRegistry.Key(id), 1, CancellationToken.None)).ShouldNotBeNull();
        (await registry.Progress.RecordTextAsync(TestRegistry.Key(id), 1, id, "", CancellationToken.None)).ShouldBeTrue();
        (await registry.Progress.RecordChunksAsync(TestRegistry.Key(id), 1, 1, 1, CancellationToken.None)).ShouldBeTrue();
    }

    private Task<ResumeRound> ResumeAsync(TestRegistry registry) =>
        new ResumeUnfinishedHandler(registry.Deletions, registry.Queue, Announcer(registry), registry.Work, registry.Options, NullLogger<ResumeUnfinishedHandler>.Instance)
            .ResumeAsync(CancellationToken.None);

    private DocumentAnnouncer Announcer(TestRegistry registry) =>
        new(_bus, registry.Deletions, registry.Work, registry.Options, TimeProvider.System, NullLogger<DocumentAnnouncer>.Instance);
}
