using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Features.PauseIngestion;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class PauseIngestionTests : IDisposable
{
    private static readonly PauseScope Tenant = new("default", "", IsAllTenants: false);
    private static readonly PauseScope Docs = new("default", "docs", IsAllTenants: false);
    private static readonly PauseScope All = new("default", "", IsAllTenants: true);

    private readonly TestFolder _folder = new();
    private readonly TestRegistry _registry;

    public PauseIngestionTests() => _registry = new TestRegistry(_folder.Path);

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(false, "docs")]
    public async Task Paused_IsAcceptedButNotBegun_UntilResumed(bool isAllTenants, string collection)
    {
        var scope = new PauseScope("default", collection, isAllTenants);
        var handler = Handler(_registry);
        (await handler.PauseAsync(scope, "maintenance", CancellationToken.None)).IsPaused.ShouldBeTrue();
        await _registry.PutAsync("text");

        _registry.Picker.Pick().ShouldBeNull();
        var standing = handler.Get(Docs);
        (standing.IsPaused, standing.Waiting, standing.InFlight, standing.Pauses.Single().Reason).ShouldBe((true, 1, 0, "maintenance"));

        (await handler.ResumeAsync(scope, CancellationToken.None)).IsPaused.ShouldBeFalse();
        _registry.Picker.Pick().ShouldNotBeNull().Key.ShouldBe(TestRegistry.Key());
    }

    [Fact]
    public async Task Paused_Collection_LeavesTheOthersAlone()
    {
        await Handler(_registry).PauseAsync(new("default", "other", false), "", CancellationToken.None);
        await _registry.PutAsync("text");

        Handler(_registry).Get(Tenant).IsPaused.ShouldBeFalse();
        _registry.Picker.Pick().ShouldNotBeNull();
    }

    [Fact]
    public async Task Paused_OverARestart_StaysPaused()
    {
        await Handler(_registry).PauseAsync(Tenant, "", CancellationToken.None);
        await _registry.PutAsync("text");
        using var restarted = new TestRegistry(_folder.Path);

        restarted.Picker.Pick().ShouldBeNull();
    }

    [Fact]
    public async Task Paused_ByAnOperator_IsNotLiftedByATenant()
    {
        await Handler(_registry).PauseAsync(All, "", CancellationToken.None);

        var standing = await Handler(_registry).ResumeAsync(Tenant, CancellationToken.None);

        (standing.IsPaused, standing.Pauses.Single().Tenant).ShouldBe((true, ""));
    }

    [Fact]
    public async Task Drained_OnceWhatWasBegunIsAtRest()
    {
        await _registry.PutAsync("begun", "a");
        await _registry.PutAsync("waiting", "b");
        await _registry.Progress.BeginAsync(TestRegistry.Key("a"), 1, CancellationToken.None);
        var handler = Handler(_registry);
        var paused = await handler.PauseAsync(Docs, "", CancellationToken.None);
        (paused.Waiting, paused.InFlight).ShouldBe((1, 1));

        await _registry.Progress.FailAsync(TestRegistry.Key("a"), 1, new DocumentFailure("extracting", "X", "because", "mend it"), CancellationToken.None);

        var drained = handler.Get(Docs);
        (drained.Waiting, drained.InFlight, drained.Failed).ShouldBe((1, 0, 1));
    }

    [Fact]
    public async Task Pause_OfWhatCannotBe_NamesTheField()
    {
        var handler = Handler(_registry);
        (await Should.ThrowAsync<ServiceException>(() => handler.PauseAsync(new("default", "docs", true), "", CancellationToken.None))).Field.ShouldBe("collection");
        (await Should.ThrowAsync<ServiceException>(() => handler.PauseAsync(new("default", "No Name", false), "", CancellationToken.None))).Field.ShouldBe("collection");
        (await Should.ThrowAsync<ServiceException>(() => handler.PauseAsync(Tenant, new string('x', 501), CancellationToken.None))).Field.ShouldBe("reason");
    }

    private static PauseIngestionHandler Handler(TestRegistry registry) => new(registry.Pauses, registry.Catalog, registry.Queue, registry.Work);
}
