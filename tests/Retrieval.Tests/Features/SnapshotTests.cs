using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Tests.Storage;

namespace RagPlatform.Retrieval.Tests.Features;

public sealed class SnapshotTests : IAsyncLifetime
{
    private RetrievalHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await RetrievalHost.StartAsync();
        await _host.IndexAsync(Batches.Version(Batches.Document("a"), 1));
        await _host.IndexAsync(Batches.Version(Batches.Document("b"), 2));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Restore_AfterDeletion_SearchesAsAtTheSnapshot()
    {
        var before = await SearchAsync("docs");
        var snapshot = await SnapshotAsync();
        snapshot.Snapshot.ShouldMatch("^docs-[0-9]{8}-[0-9]{6}$");
        snapshot.Bytes.ShouldBeGreaterThan(1000);
        await _host.IndexAsync(Batches.Version(Batches.Document("a"), 5));
        await _host.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = "acme", Collection = "docs" });

        var restored = (await RestoreAsync(snapshot.Snapshot)).Collection;

        (restored.Name, restored.DocumentCount, restored.ChunkCount, restored.Health).ShouldBe(("docs", 2L, 8L, CollectionHealth.Ready));
        (await SearchAsync("docs")).Hits.Select(hit => (hit.ChunkId, hit.Version)).ShouldBe(before.Hits.Select(hit => (hit.ChunkId, hit.Version)));
        await _host.RestartAsync();
        (await SearchAsync("docs")).Hits.Count.ShouldBe(8);
        await _host.IndexAsync(Batches.Version(Batches.Document("a"), 6, batches: 1, chunksPerBatch: 1));
        (await SearchAsync("docs")).Hits.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Restore_UnderAnotherName_LeavesTheOriginal()
    {
        var snapshot = await SnapshotAsync();

        await RestoreAsync(snapshot.Snapshot, "copy");
        await _host.Service<DocumentWriter>().RemoveAsync(TestStore.Docs, "a", 2, default);

        (await SearchAsync("docs")).Hits.Count.ShouldBe(4);
        (await SearchAsync("copy")).Hits.Count.ShouldBe(8);
    }

    [Theory]
    [InlineData("docs-20260101-000000", "new", StatusCode.NotFound)]
    [InlineData("../docs-20260101-000000", "new", StatusCode.InvalidArgument)]
    [InlineData("docs", "new", StatusCode.InvalidArgument)]
    public async Task Restore_OfNoSnapshot_IsRefused(string snapshot, string collection, StatusCode status) =>
        (await Should.ThrowAsync<RpcException>(() => RestoreAsync(snapshot, collection))).StatusCode.ShouldBe(status);

    [Fact]
    public async Task Restore_TakenNameOrOtherTenant_IsRefused()
    {
        var snapshot = (await SnapshotAsync()).Snapshot;

        (await Should.ThrowAsync<RpcException>(() => RestoreAsync(snapshot))).StatusCode.ShouldBe(StatusCode.AlreadyExists);
        (await Should.ThrowAsync<RpcException>(async () => await _host.Client.RestoreCollectionAsync(new RestoreCollectionRequest { Tenant = "globex", Snapshot = snapshot })))
            .StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Restore_DamagedSnapshot_IsRefusedAndLeavesNothing()
    {
        var snapshot = (await SnapshotAsync()).Snapshot;
        await _host.RestartAsync(data => Damage(Path.Combine(data, "retrieval", "snapshots", "acme", snapshot, "index")));

        var exception = await Should.ThrowAsync<RpcException>(() => RestoreAsync(snapshot, "copy"));

        FailureStatus.FromRpcException(exception)!.Code.ShouldBe("SNAPSHOT_DAMAGED");
        (await _host.Client.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "acme" })).Collections.ShouldHaveSingleItem();
        (await _host.Service<IEnumerable<IVectorStore>>().Single(store => store.Name == "embedded").ListAsync(default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Snapshot_ManyInTheSameSecond_EachIsWholeOrRefused()
    {
        string left = "";
        await _host.RestartAsync(data => Directory.CreateDirectory(left = Path.Combine(data, "retrieval", "snapshots", "acme", "docs-20260101-000000.unfinished")));

        var snapshots = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return (await SnapshotAsync()).Snapshot;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.AlreadyExists)
            {
                return "";
            }
        }));

        var made = snapshots.Where(snapshot => snapshot.Length > 0).ToList();
        made.ShouldNotBeEmpty();
        made.ShouldBeUnique();
        foreach (var snapshot in made)
        {
            (await RestoreAsync(snapshot, $"copy{made.IndexOf(snapshot)}")).Collection.ChunkCount.ShouldBe(8);
        }

        Directory.Exists(left).ShouldBeFalse("what a crash left goes with the next snapshot");
    }

    [Fact]
    public async Task Snapshot_OfAFileThatWentBad_IsRefusedAndLeavesNothing()
    {
        var folder = "";
        await _host.RestartAsync(data => folder = Path.Combine(data, "retrieval"));
        RepairDocumentsTests.DamageInPlace(Path.Combine(folder, "indexes"));

        var refusal = await Should.ThrowAsync<RpcException>(SnapshotAsync);

        (refusal.StatusCode, FailureStatus.FromRpcException(refusal)!.Code).ShouldBe((StatusCode.Unavailable, "SNAPSHOT_NOT_WRITTEN"));
        Directory.GetFileSystemEntries(Path.Combine(folder, "snapshots", "acme")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Snapshot_OfAnotherStore_IsRefused()
    {
        await _host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = "far", Store = "memory" });
        await _host.IndexAsync(Batches.Version(Batches.Document("a", "far"), 1));

        (await Should.ThrowAsync<RpcException>(async () => await _host.Client.SnapshotCollectionAsync(new SnapshotCollectionRequest { Tenant = "acme", Collection = "far" })))
            .StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    /// <summary>Flips bits in the middle of the largest file but the manifest, which holds everything twice.</summary>
    internal static void Damage(string folder)
    {
        var file = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith("manifest", StringComparison.Ordinal)).MaxBy(path => new FileInfo(path).Length)!;
        var bytes = File.ReadAllBytes(file);
        foreach (ref var damaged in bytes.AsSpan(bytes.Length / 2, 200))
        {
            damaged ^= 0x10;
        }

        File.WriteAllBytes(file, bytes);
    }

    private async Task<SnapshotCollectionResponse> SnapshotAsync() =>
        await _host.Client.SnapshotCollectionAsync(new SnapshotCollectionRequest { Tenant = "acme", Collection = "docs" });

    private async Task<RestoreCollectionResponse> RestoreAsync(string snapshot, string collection = "") =>
        await _host.Client.RestoreCollectionAsync(new RestoreCollectionRequest { Tenant = "acme", Snapshot = snapshot, Collection = collection });

    private async Task<SearchResponse> SearchAsync(string collection) =>
        await _host.Client.SearchAsync(new SearchRequest { Tenant = "acme", Collection = collection, Query = "common", TopK = 100 });
}
