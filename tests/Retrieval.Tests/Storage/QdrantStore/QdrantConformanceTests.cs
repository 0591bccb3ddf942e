using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Retrieval.Tests.Storage.QdrantServer;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

public sealed class QdrantConformanceTests : VectorStoreConformance
{
    private StrictQdrantServer _server = null!;

    protected override bool ReadsOperators => false;

    public override async Task InitializeAsync()
    {
        _server = await StrictQdrantServer.StartAsync("secret");
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
        _server.Refusals.ShouldBeEmpty();
    }

    private protected override IVectorStore NewStore() => QdrantStores.Create(_server.Address, ("ApiKey", "secret"), ("UpsertBatchChunks", "50"));
}
