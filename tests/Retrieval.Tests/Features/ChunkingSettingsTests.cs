using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Tests.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Features;

public sealed class ChunkingSettingsTests : IAsyncLifetime
{
    private static readonly ChunkingSettings ParentChild = new() { Strategy = ChunkingStrategy.ParentChild, MaxTokens = 80, OverlapTokens = 0, ParentTokens = 500 };

    private RetrievalHost _host = null!;

    public async Task InitializeAsync() => _host = await RetrievalHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Chunking_OfACollection_IsKeptAndToldToWhoPreparesItsDocuments()
    {
        (await ModelAsync()).Chunking.ShouldBeNull();

        await _host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = "docs", Settings = new CollectionSettings { Chunking = ParentChild } });

        (await ModelAsync()).Chunking.ShouldBe(ParentChild);
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        (await DescribeAsync()).Settings.Chunking.ShouldBe(ParentChild);
        await UpdateAsync(new ChunkingSettings { Strategy = ChunkingStrategy.Whole });
        (await ModelAsync()).Chunking.ShouldBe(new ChunkingSettings { Strategy = ChunkingStrategy.Whole });
        await UpdateAsync(null);
        (await ModelAsync()).Chunking.ShouldBeNull();
    }

    [Fact]
    public async Task Chunking_Changed_ShowsWhatWasCutBeforeUntilItIsCutAgain()
    {
        await _host.IndexAsync([.. Batches.Version(Batches.Document("a"), 1).Select(batch => batch with { ChunkingHash = "before" })]);
        await UpdateAsync(null);
        ((await DescribeAsync()).ChunkingHash, (await DescribeAsync()).DocumentsChunkedEarlier).ShouldBe(("before", 0L));

        await UpdateAsync(ParentChild);
        ((await DescribeAsync()).ChunkingHash, (await DescribeAsync()).DocumentsChunkedEarlier).ShouldBe(("", 1L));
        await _host.IndexAsync([.. Batches.Version(Batches.Document("b"), 1).Select(batch => batch with { ChunkingHash = "after" })]);
        ((await DescribeAsync()).ChunkingHash, (await DescribeAsync()).DocumentsChunkedEarlier).ShouldBe(("after", 1L));

        _host.Ingestion.ChunkingHashOf = _ => "after";
        await _host.Client.StartBuildAsync(new StartBuildRequest { Tenant = "acme", Collection = "docs", ChunkAgain = true });
        await TestTimeout.EventuallyAsync(async () => (await DescribeAsync()) is { DocumentsChunkedEarlier: 0, ChunkingHash: "after" }, "the build");
        _host.Ingestion.Chunking.ShouldBe(ParentChild);
    }

    [Fact]
    public async Task Chunking_OfASnapshot_IsRestoredWithIt()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        await UpdateAsync(ParentChild);
        var snapshot = (await _host.Client.SnapshotCollectionAsync(new SnapshotCollectionRequest { Tenant = "acme", Collection = "docs" })).Snapshot;

        var restored = (await _host.Client.RestoreCollectionAsync(new RestoreCollectionRequest { Tenant = "acme", Snapshot = snapshot, Collection = "again" })).Collection;

        restored.Settings.Chunking.ShouldBe(ParentChild);
    }

    [Theory]
    [InlineData(ChunkingStrategy.Structure, 15, 0, 0, "settings.chunking.max_tokens", "15 is out of range; use 16 to 8192")]
    [InlineData(ChunkingStrategy.Structure, 100, 51, 0, "settings.chunking.overlap_tokens", "51 is out of range; use 0 to 50")]
    [InlineData(ChunkingStrategy.Structure, 0, -1, 0, "settings.chunking.overlap_tokens", "-1 is out of range; use 0 to 4096")]
    [InlineData(ChunkingStrategy.ParentChild, 100, 0, 99, "settings.chunking.parent_tokens", "99 is out of range; use 100 to 8192")]
    [InlineData(ChunkingStrategy.Sentence, 100, 0, 300, "settings.chunking.parent_tokens", "300 are given, but only the strategy parent-child has parents")]
    [InlineData((ChunkingStrategy)9, 0, 0, 0, "settings.chunking.strategy", "9 is none of its values")]
    public async Task Chunking_OutOfRange_IsRefusedByNameValueAndLimit(ChunkingStrategy strategy, int maxTokens, int overlapTokens, int parentTokens, string field, string said)
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));

        var refused = await Should.ThrowAsync<RpcException>(() => UpdateAsync(
            new ChunkingSettings { Strategy = strategy, MaxTokens = maxTokens, OverlapTokens = overlapTokens, ParentTokens = parentTokens }));

        var failure = FailureStatus.FromRpcException(refused).ShouldNotBeNull();
        (failure.Kind, failure.Field).ShouldBe((FailureKind.InvalidArgument, field));
        failure.Message.ShouldContain(said);
        (await ModelAsync()).Chunking.ShouldBeNull();
    }

    private async Task UpdateAsync(ChunkingSettings? chunking) =>
        await _host.Client.UpdateCollectionAsync(new UpdateCollectionRequest { Tenant = "acme", Collection = "docs", Settings = new CollectionSettings { Chunking = chunking } });

    private async Task<GetCollectionModelResponse> ModelAsync() =>
        await _host.Client.GetCollectionModelAsync(new GetCollectionModelRequest { Tenant = "acme", Collection = "docs" });

    private async Task<Collection> DescribeAsync() =>
        (await _host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "acme", Collection = "docs" })).Collection;
}
