using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Registry;

public sealed class LostVersionTests : IDisposable
{
    private const string Reason = "segment-3 was set aside";

    private readonly TestFolder _folder = new();
    private readonly TestRegistry _registry;

    public LostVersionTests() => _registry = new TestRegistry(_folder.Path);

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lost_TheIndexedVersion_BeginsAgain_AndSearchesSeeNone()
    {
        await IndexedAsync("text", 1);

        (await LoseAsync(1)).ShouldNotBeNull().State.ShouldBe(DocumentState.Received);

        (_registry.Latest().State, _registry.Latest().IndexedVersion).ShouldBe((DocumentState.Received, 0));
        _registry.Log.ReadLatest(TestRegistry.Key(), 1)[0].Detail.ShouldBe($"index lost: {Reason}");
        await _registry.IndexAsync(1, "text");
        (_registry.Latest().State, _registry.Latest().IndexedVersion).ShouldBe((DocumentState.Indexed, 1));
    }

    [Fact]
    public async Task Lost_ReportedAgainOnTheWay_ChangesNothing()
    {
        await IndexedAsync("text", 1);
        await LoseAsync(1);
        await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None);

        (await LoseAsync(1)).ShouldBeNull();

        _registry.Latest().State.ShouldBe(DocumentState.Extracting);
    }

    [Fact]
    public async Task Lost_ManyTimes_NeverCountsAgainstTheDocument()
    {
        await IndexedAsync("text", 1);
        for (var time = 0; time < 10; time++)
        {
            (await LoseAsync(1)).ShouldNotBeNull();
            await _registry.IndexAsync(1, "text");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Lost_AVersionThatSearchesDoNotSee_IsIgnored(long version)
    {
        await IndexedAsync("one", 1);
        await IndexedAsync("two", 2);

        (await LoseAsync(version)).ShouldBeNull();

        (_registry.Latest().State, _registry.Latest().IndexedVersion).ShouldBe((DocumentState.Indexed, 2));
    }

    [Fact]
    public async Task Lost_BelowADeletionThatFailed_DoesNotWaitForEver()
    {
        await IndexedAsync("text", 1);
        await _registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None);
        await _registry.Progress.FailAsync(TestRegistry.Key(), 2, new DocumentFailure("deleting", "X", "r", "m"), CancellationToken.None);

        (await LoseAsync(1)).ShouldBeNull();

        _registry.Queue.Ages().ShouldBeEmpty("nobody would ever begin it");
        _registry.Latest().IndexedVersion.ShouldBe(0);
    }

    [Fact]
    public async Task Lost_WhileANewerVersionIsOnItsWay_IsLeftToThatOne_UnlessItFails()
    {
        await IndexedAsync("one", 1);
        await _registry.PutAsync("two");

        (await LoseAsync(1)).ShouldBeNull();
        _registry.Clock.Advance(TimeSpan.FromSeconds(60));
        Waiting().ShouldBe([2]);
        _registry.Latest().IndexedVersion.ShouldBe(0);

        await _registry.Progress.FailAsync(TestRegistry.Key(), 2, new DocumentFailure("embedding", "X", "because", "mend it"), CancellationToken.None);
        Waiting().ShouldBe([1]);
        await _registry.IndexAsync(1, "one");
        (_registry.Latest().Version, _registry.Latest().State, _registry.Latest().IndexedVersion).ShouldBe((2, DocumentState.Failed, 1));
    }

    [Fact]
    public async Task Lost_WhileBeingDeleted_StaysOnItsWayOut()
    {
        await IndexedAsync("one", 1);
        await _registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None);

        (await LoseAsync(1)).ShouldBeNull();

        _registry.Clock.Advance(TimeSpan.FromSeconds(60));
        Waiting().ShouldBeEmpty();
        _registry.Deletions.Find().ShouldHaveSingleItem().Version.Version.ShouldBe(2);
        await _registry.Outcome.RecordUnindexedAsync(TestRegistry.Key(), 2, CancellationToken.None);
        _registry.Latest().State.ShouldBe(DocumentState.Deleted);
    }

    [Fact]
    public async Task Lost_WithALongReason_IsCutInTheLog()
    {
        await IndexedAsync("one", 1);

        await _registry.Outcome.RecordLostAsync(TestRegistry.Key(), 1, new string('x', 10_000), CancellationToken.None);

        _registry.Log.ReadLatest(TestRegistry.Key(), 1)[0].Detail.Length.ShouldBeLessThan(600);
    }

    private IEnumerable<long> Waiting() => _registry.Waiting().Select(waiting => waiting.Version);

    private Task<DocumentVersion?> LoseAsync(long version) => _registry.Outcome.RecordLostAsync(TestRegistry.Key(), version, Reason, CancellationToken.None);

    private async Task IndexedAsync(string text, long version)
    {
        await _registry.PutAsync(text);
        await _registry.IndexAsync(version, text);
    }
}
