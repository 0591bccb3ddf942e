using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage;

public sealed class ReadinessTests : IDisposable
{
    private readonly TestStore _test = TestStore.Unopened();

    [Fact]
    public void Questions_BeforeTheCatalogueIsLoaded_AreRefusedWithARetryDelay()
    {
        foreach (var ask in new Action[] { () => _test.Collections.Find(TestStore.Docs), () => _test.Collections.All() })
        {
            var failure = Should.Throw<ServiceException>(ask);
            failure.Kind.ShouldBe(FailureKind.Unavailable);
            failure.RetryDelay.ShouldNotBeNull();
        }

        _test.Collections.Size.ShouldBe(default);
    }

    [Fact]
    public void Stores_WhileOpening_AreRefusedWithARetryDelay()
    {
        _test.Collections.Load();

        Should.Throw<ServiceException>(() => _test.Stores[RetrievalOptions.EmbeddedStore]).Code.ShouldBe(RetrievalErrors.IndexOpeningCode);
    }

    [Fact]
    public async Task Messages_BeforeTheStoreIsOpen_WaitForIt()
    {
        var staging = _test.StageAsync(Batches.Batch(Batches.Document(), 1, 0, 1, 1));
        staging.IsCompleted.ShouldBeFalse();
        _test.Collections.Load();
        staging.IsCompleted.ShouldBeFalse();

        await _test.OpenAllAsync();

        (await staging.WithTimeout("staging")).ShouldBe(StageOutcome.Visible);
        _test.Collections.Size.ShouldBe(new CollectionSize(1, 1));
    }

    [Fact]
    public async Task Messages_ForAStoreThatDoesNotAnswer_FailWithItsReason()
    {
        _test.Collections.Load();
        var staging = _test.StageAsync(Batches.Batch(Batches.Document(), 1, 0, 1, 1));

        _test.Stores.MarkUnavailable(RetrievalOptions.EmbeddedStore, new ServiceException(FailureKind.Unavailable, "DOWN", "it is down"));

        (await Should.ThrowAsync<ServiceException>(() => staging)).Code.ShouldBe("DOWN");
        await _test.OpenAllAsync();
        (await _test.StageAsync(Batches.Batch(Batches.Document(), 1, 0, 1, 1))).ShouldBe(StageOutcome.Visible);
    }

    public void Dispose() => _test.Dispose();
}
