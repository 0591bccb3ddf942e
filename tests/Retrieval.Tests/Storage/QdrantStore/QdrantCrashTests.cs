using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.QdrantStore;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Retrieval.Tests.Storage.QdrantServer;
using RagPlatform.Search;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

/// <summary>The process ends at every request of a write in turn, before or after the server did it; a new process opens what is there.</summary>
public sealed class QdrantCrashTests : IAsyncLifetime
{
    private const int MaxRequests = 40;

    private static readonly IndexKey Index = new(CollectionKey.Require("acme", "docs"), 1);
    private static readonly IndexSettings Settings = new("fake-model", IndexedDocuments.Dimension);

    private StrictQdrantServer _server = null!;

    public async Task InitializeAsync() => _server = await StrictQdrantServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(nameof(ServerFault.Broken))]
    [InlineData(nameof(ServerFault.BrokenAfterwards))]
    public async Task Replace_CrashAtAnyRequest_LeavesTheOldVersionOrTheNew(string fault)
    {
        var (seen, crashes) = (new HashSet<long>(), 0);
        for (var survived = 0; survived < MaxRequests; survived++)
        {
            await WriteAsync(async store =>
            {
                await store.RemoveAsync(Index, "doc", default);
                await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 5, ("only", "old")), default);
                await store.ReplaceAsync(Index, IndexedDocuments.Create("other", 1, 2), default);
            });

            var isDone = await CrashAsync(store => store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 2, 7, ("first seen", "2026-01-01")), default), survived, Enum.Parse<ServerFault>(fault));

            using var reopened = await OpenAsync();
            var version = await reopened.FindVersionAsync(Index, "doc", default);
            (await FindAsync(reopened)).ShouldBe([.. Enumerable.Range(0, version == 1 ? 5 : 7).Select(i => $"doc-{version}-{i}"), "other-1-0", "other-1-1"], $"after {survived} requests");
            CountPoints().ShouldBe((version == 1 ? 5 : 7) + 2 + 3, "chunks, two documents and the index");
            (await reopened.ReadDocumentAsync(Index, "doc", default))!.Chunks.Count.ShouldBe(version == 1 ? 5 : 7);
            seen.Add(version);
            if (isDone)
            {
                version.ShouldBe(2);
                break;
            }

            crashes++;
        }

        seen.ShouldBe([1, 2], ignoreOrder: true);
        crashes.ShouldBeInRange(4, MaxRequests - 1);
    }

    [Theory]
    [InlineData(nameof(ServerFault.Broken))]
    [InlineData(nameof(ServerFault.BrokenAfterwards))]
    public async Task Remove_CrashAtAnyRequest_LeavesTheWholeDocumentOrNothing(string fault)
    {
        var counts = new HashSet<int>();
        for (var survived = 0; survived < MaxRequests; survived++)
        {
            await WriteAsync(store => store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 5), default));

            var isDone = await CrashAsync(store => store.RemoveAsync(Index, "doc", default), survived, Enum.Parse<ServerFault>(fault));

            using var reopened = await OpenAsync();
            var found = await FindAsync(reopened);
            found.Length.ShouldBeOneOf(0, 5);
            CountPoints().ShouldBe(found.Length == 0 ? 1 : 5 + 2);
            counts.Add(found.Length);
            if (isDone)
            {
                found.ShouldBeEmpty();
                break;
            }
        }

        // The first request that is done takes the document out.
        counts.ShouldBe(fault == nameof(ServerFault.Broken) ? [0, 5] : [0], ignoreOrder: true);
    }

    [Theory]
    [InlineData(nameof(ServerFault.Broken))]
    [InlineData(nameof(ServerFault.BrokenAfterwards))]
    public async Task Create_CrashAtAnyRequest_CanBeRepeated(string fault)
    {
        for (var survived = 0; survived < MaxRequests; survived++)
        {
            var index = Index with { Generation = survived + 1 };
            var isDone = await CrashAsync(store => store.CreateAsync(index, Settings, default), survived, Enum.Parse<ServerFault>(fault));

            using var reopened = await OpenAsync(index);
            await reopened.ReplaceAsync(index, IndexedDocuments.Create("doc", 1, 2), default);
            (await reopened.SearchAsync(index, new SearchQuery { Text = "common", Vector = IndexedDocuments.Vector(1) }, default)).Hits.Count.ShouldBe(2);
            if (isDone)
            {
                return;
            }
        }

        Assert.Fail("Creating never ended.");
    }

    [Fact]
    public async Task Replace_DeletionOfTheOldFails_IsVisibleAndClearedByTheRepetition()
    {
        using var store = await OpenAsync();
        await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 5), default);
        _server.Fault = request => request.EndsWith("/points/delete", StringComparison.Ordinal) ? ServerFault.Unavailable : ServerFault.None;

        await Should.ThrowAsync<ServiceException>(() => store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 2, 3), default));

        (await FindAsync(store)).ShouldBe(["doc-2-0", "doc-2-1", "doc-2-2"]);
        _server.Fault = null;
        await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 2, 3), default);
        CountPoints().ShouldBe(3 + 2);
    }

    [Fact]
    public async Task Open_ChunkLostByTheServer_DropsTheDocumentRatherThanServeHalf()
    {
        await WriteAsync(async store =>
        {
            await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 5), default);
            await store.ReplaceAsync(Index, IndexedDocuments.Create("other", 1, 2), default);
        });
        await LoseChunkAsync(IndexedDocuments.Create("doc", 1, 5), "doc-1-3");

        using var reopened = await OpenAsync();

        (await FindAsync(reopened)).ShouldBe(["other-1-0", "other-1-1"]);
        (await reopened.FindVersionAsync(Index, "doc", default)).ShouldBe(0);
        CountPoints().ShouldBe(2 + 2);
    }

    [Fact]
    public async Task ReadDocument_ChunkLostByTheServer_IsUnavailableRatherThanHalf()
    {
        using var store = await OpenAsync();
        await store.ReplaceAsync(Index, IndexedDocuments.Create("doc", 1, 5), default);
        await LoseChunkAsync(IndexedDocuments.Create("doc", 1, 5), "doc-1-3");

        var failure = await Should.ThrowAsync<ServiceException>(() => store.ReadDocumentAsync(Index, "doc", default));

        (failure.Kind, failure.Code).ShouldBe((FailureKind.Unavailable, "QDRANT_DOCUMENT_INCOMPLETE"));
    }

    private static async Task<string[]> FindAsync(QdrantVectorStore store)
    {
        var result = await store.SearchAsync(Index, new SearchQuery { Text = "common", Fusion = FusionMethod.Lexical, TopK = 100 }, default).WithTimeout("searching");
        return [.. result.Hits.Select(hit => hit.Chunk.ChunkId).Order(StringComparer.Ordinal)];
    }

    private async Task LoseChunkAsync(IndexedDocument document, string chunkId)
    {
        using var client = new HttpClient();
        using var deletion = new StringContent($$"""{"points":["{{PointIds.Chunk(Revision.Of(document), chunkId)}}"]}""", System.Text.Encoding.UTF8, "application/json");
        (await client.PostAsync(new Uri(_server.Address, "/collections/rag.acme.docs.1/points/delete?wait=true"), deletion)).EnsureSuccessStatusCode();
    }

    private int CountPoints() => _server.CountPoints("rag.acme.docs.1");

    private async Task WriteAsync(Func<QdrantVectorStore, Task> write)
    {
        using var store = await OpenAsync();
        await write(store).WithTimeout("writing");
    }

    /// <summary>Lets the write get through so many requests, and no further.</summary>
    /// <returns>True if it needed no more.</returns>
    private async Task<bool> CrashAsync(Func<QdrantVectorStore, Task> write, int survived, ServerFault fault)
    {
        using var store = QdrantStores.Create(_server.Address, ("MaxRetries", "0"), ("UpsertBatchChunks", "2"));
        await store.OpenAsync(default).WithTimeout("opening");
        var requests = 0;
        // The one that breaks may be done; those after it never come to the server.
        _server.Fault = _ => ++requests <= survived ? ServerFault.None : requests == survived + 1 ? fault : ServerFault.Broken;
        try
        {
            await write(store).WithTimeout("the interrupted write");
            return true;
        }
        catch (ServiceException)
        {
            return false;
        }
        finally
        {
            _server.Fault = null;
        }
    }

    private async Task<QdrantVectorStore> OpenAsync(IndexKey? index = null)
    {
        var store = QdrantStores.Create(_server.Address, ("UpsertBatchChunks", "2"), ("MaxRetries", "0"));
        await store.OpenAsync(default).WithTimeout("opening");
        await store.CreateAsync(index ?? Index, Settings, default).WithTimeout("creating");
        return store;
    }
}
