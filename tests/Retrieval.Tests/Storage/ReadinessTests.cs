using RagPlatform.Search.InMemory;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.EmbeddedStore;
using RagPlatform.Search;
using RagPlatform.State;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage;

public sealed class ReadinessTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly EmbeddedVectorStore _store;

    public ReadinessTests() => _store = new EmbeddedVectorStore(
        new SqliteDatabase(_folder.File("retrieval.db"), EmbeddedStoreSchema.Migrations, Durability.Normal), new RetrievalOptions(), TimeProvider.System);

    [Fact]
    public async Task Questions_BeforeTheStoreIsOpen_AreRefusedWithARetryDelay()
    {
        foreach (var ask in new Func<Task>[]
        {
            () => _store.SearchAsync(TestStore.Docs, null, new InMemoryQuery("q", default, 1, 0), default),
            () => _store.DescribeAsync(TestStore.Docs, default),
            () => _store.ListAsync(TestStore.Docs.Tenant, default),
        })
        {
            var failure = await Should.ThrowAsync<ServiceException>(ask);
            failure.Kind.ShouldBe(FailureKind.Unavailable);
            failure.RetryDelay.ShouldNotBeNull();
        }

        _store.IsReady.ShouldBeFalse();
    }

    [Fact]
    public async Task Messages_BeforeTheStoreIsOpen_WaitForIt()
    {
        var staging = _store.StageAsync(TestStore.Docs, Batches.Batch(Batches.Document(), 1, 0, 1, 1), default);
        staging.IsCompleted.ShouldBeFalse();

        _store.Open(CancellationToken.None);

        (await staging.WithTimeout("staging")).ShouldBe(StageOutcome.Visible);
        _store.Totals.ShouldBe(new IndexSize(1, 1));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }
}
