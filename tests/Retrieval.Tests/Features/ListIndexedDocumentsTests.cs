using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.ListIndexedDocuments;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Features;

/// <summary>What is told is what the store really finds, beside what the catalogue counts.</summary>
public sealed class ListIndexedDocumentsTests
{
    [Fact]
    public async Task List_IndexedAndDeleted_TellsWhatSearchesSee()
    {
        await using var host = await RetrievalHost.StartAsync();
        await host.IndexAsync(Batches.Version(Batches.Document("a"), 2));
        await host.IndexAsync(Batches.Version(Batches.Document("b"), 1, batches: 1));
        await host.Service<Retrieval.Storage.DocumentWriter>().RemoveAsync(Storage.TestStore.Docs, "b", 2, default);
        await host.IndexAsync(Batches.Batch(Batches.Document("arriving"), 1, 0, 2, 2));

        (await ListAsync(host)).ShouldBe(["a visible 2 of 4, held 2 of 4"]);
        (await ListAsync(host, ids: ["b"])).ShouldBeEmpty();
        (await ListAsync(host, collection: "elsewhere")).ShouldBeEmpty();
        (await ListAsync(host, tenant: "other")).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_CatalogueCountsOtherChunks_ShowsBothAndReconciliationAsksForIt()
    {
        await using var host = await RetrievalHost.StartAsync();
        await host.IndexAsync(Batches.Version(Batches.Document("a"), 2));
        await host.IndexAsync(Batches.Version(Batches.Document("b"), 1));
        await host.Service<CatalogueDatabase>().WriteAsync(session => session.Execute("UPDATE documents SET chunk_count = 9 WHERE document_id = 'a'", new { }), default);

        (await ListAsync(host, ids: ["a"])).ShouldBe(["a visible 2 of 9, held 2 of 4"]);
        (await ListAsync(host, reconcile: true)).ShouldBe(["a visible 0 of 0, held 0 of 0 lost", "b visible 1 of 4, held 1 of 4"]);

        await host.IndexAsync(Batches.Version(Batches.Document("a"), 2));
        (await ListAsync(host, ids: ["a"])).ShouldBe(["a visible 2 of 4, held 2 of 4"]);
    }

    [Fact]
    public async Task List_TooManyIds_IsRefused()
    {
        await using var host = await RetrievalHost.StartAsync();

        var refusal = await Should.ThrowAsync<RpcException>(() => ListAsync(host, ids: [.. Enumerable.Range(0, ListIndexedDocumentsHandler.MaxIds + 1).Select(i => $"{i}")]));

        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refusal.Status.Detail.ShouldContain("1001");
    }

    private static async Task<string[]> ListAsync(RetrievalHost host, string[]? ids = null, bool reconcile = false, string collection = "docs", string tenant = "acme")
    {
        using var call = host.Client.ListIndexedDocuments(new ListIndexedDocumentsRequest { Tenant = tenant, Collection = collection, DocumentIds = { ids ?? [] }, Reconcile = reconcile });
        var documents = new List<IndexedDocumentStanding>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout("the list"))
        {
            documents.AddRange(call.ResponseStream.Current.Documents);
        }

        return
        [
            .. documents.OrderBy(document => document.DocumentId, StringComparer.Ordinal).Select(document =>
                $"{document.DocumentId} visible {document.VisibleVersion} of {document.ChunkCount}, held {document.HeldVersion} of {document.HeldChunkCount}{(document.IsLost ? " lost" : "")}"),
        ];
    }
}
