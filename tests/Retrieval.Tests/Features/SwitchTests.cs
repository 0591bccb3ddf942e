using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Features;

/// <summary>The moment at which another index, of another model, takes the place of the one that is searched.</summary>
public sealed class SwitchTests : IAsyncLifetime
{
    private const string NewModel = "new-model";

    private RetrievalHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await RetrievalHost.StartAsync();
        _host.Embedding.Dimensions[NewModel] = 8;
        await _host.IndexAsync([.. Batches.Version(Batches.Document("doc"), 1).Select(batch => batch with { ChunkingHash = "a" })]);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_WhoseQueryTheFormerModelEmbedded_IsAnsweredByTheNewIndexWithItsOwnModel(bool isFormerModelGone)
    {
        var (asked, switched) = (new TaskCompletionSource(), new TaskCompletionSource());
        _host.Embedding.Before = async request =>
        {
            if (request.Kind == EmbedKind.Query && request.Model == Batches.Model)
            {
                asked.TrySetResult();
                await switched.Task;
                if (isFormerModelGone)
                {
                    throw new ServiceException(FailureKind.NotFound, "MODEL_UNKNOWN", "model: it was removed.");
                }
            }
        };
        var search = SearchAsync();
        await asked.Task.WithTimeout("the query is embedded with the former model");

        await SwitchAsync();
        await DroppedAsync();
        switched.SetResult();

        var answer = await search;
        (answer.Model, answer.Hits.Count).ShouldBe((NewModel, 4));
        answer.Hits.ShouldAllBe(hit => hit.VectorScore == 1);
    }

    [Fact]
    public async Task Searches_AllThroughTheSwitch_NeverFailAndNeverMix()
    {
        using var done = new CancellationTokenSource();
        var searching = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var models = new List<string>();
            while (!done.IsCancellationRequested || models.Count == 0)
            {
                var answer = await SearchAsync();
                answer.Hits.Count.ShouldBe(4);
                models.Add(answer.Model);
            }

            return models;
        })));
        foreach (var model in new[] { NewModel, Batches.Model, NewModel })
        {
            await SwitchAsync(model);
        }

        await SearchAsync();
        await done.CancelAsync();
        (await searching.WithTimeout("the searches")).ShouldAllBe(models => models.All(model => model == NewModel || model == Batches.Model));
    }

    [Fact]
    public async Task Search_WhileItsModelIsBeingLoaded_WaitsForIt()
    {
        var calls = 0;
        _host.Embedding.Before = _ => Interlocked.Increment(ref calls) <= 6
            ? throw new ServiceException(FailureKind.Unavailable, "MODEL_NOT_READY", "The model is not ready yet: loading.")
            : Task.CompletedTask;

        (await SearchAsync()).Hits.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, FailureKind.NotFound, "MODEL_UNKNOWN")]
    [InlineData(StatusCode.FailedPrecondition, FailureKind.FailedPrecondition, "MODEL_MISSING")]
    public async Task Create_WithAModelThatCannotEmbed_IsRefusedAndLeavesNothing(StatusCode status, FailureKind kind, string code)
    {
        _host.Embedding.Failure = new ServiceException(kind, code, "model: it is not there.") { Remedy = "rag models pull it" };

        var failure = await Should.ThrowAsync<RpcException>(async () =>
            await _host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = "own", EmbeddingModel = "absent" }));

        (failure.StatusCode, FailureStatus.FromRpcException(failure)!.Remedy).ShouldBe((status, "rag models pull it"));
        (await _host.Client.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "acme" })).Collections.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Create_WithAModelInAStoreThatFails_LeavesNothingAndMayBeRepeated()
    {
        _host.Memory.Before = call =>
        {
            if (call == nameof(IVectorStore.CreateAsync))
            {
                _host.Memory.Before = null;
                throw new ServiceException(FailureKind.Unavailable, "DOWN", "down");
            }
        };
        var request = new CreateCollectionRequest { Tenant = "acme", Collection = "own", Store = "memory", EmbeddingModel = NewModel };
        await Should.ThrowAsync<RpcException>(async () => await _host.Client.CreateCollectionAsync(request));
        await _host.RestartAsync();
        (await _host.Client.GetCollectionModelAsync(new GetCollectionModelRequest { Tenant = "acme", Collection = "own" })).Model.ShouldBe("");

        (await _host.Client.CreateCollectionAsync(request)).Collection.Model.ShouldBe(NewModel);

        await _host.RestartAsync();
        var own = (await DescribeAsync("own"));
        (own.Model, own.Dimension, own.ChunkCount).ShouldBe((NewModel, 8, 0L));
    }

    [Fact]
    public async Task Chunking_OfEarlierDocuments_IsToldUntilTheyAreChunkedAgain()
    {
        await _host.IndexAsync([.. Batches.Version(Batches.Document("newer"), 1).Select(batch => batch with { ChunkingHash = "b" })]);
        ((await DescribeAsync()).ChunkingHash, (await DescribeAsync()).DocumentsChunkedEarlier).ShouldBe(("b", 1L));

        await SwitchAsync();
        ((await DescribeAsync()).ChunkingHash, (await DescribeAsync()).DocumentsChunkedEarlier).ShouldBe(("b", 1L));

        _host.Ingestion.ChunkingHashOf = _ => "c";
        await SwitchAsync(Batches.Model, chunkAgain: true);
        ((await DescribeAsync()).ChunkingHash, (await DescribeAsync()).DocumentsChunkedEarlier).ShouldBe(("c", 0L));
    }

    [Fact]
    public async Task Chunking_ThatChangesWhileItIsDoneAgain_FailsTheBuildRatherThanMix()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document("other"), 1));
        _host.Ingestion.ChunkingHashOf = id => id;

        await _host.Client.StartBuildAsync(new StartBuildRequest { Tenant = "acme", Collection = "docs", ChunkAgain = true });

        await TestTimeout.EventuallyAsync(async () => (await DescribeAsync()).Build?.State is BuildState.Failed, "the build's failure");
        var collection = await DescribeAsync();
        collection.Build.Failure.ShouldContain("chunking settings changed");
        collection.ChunkCount.ShouldBe(8);
    }

    private async Task SwitchAsync(string model = NewModel, bool chunkAgain = false)
    {
        await _host.Client.StartBuildAsync(new StartBuildRequest { Tenant = "acme", Collection = "docs", Model = model, ChunkAgain = chunkAgain });
        await TestTimeout.EventuallyAsync(async () => await DescribeAsync() is { Build: null } docs && docs.Model == model, $"the switch to {model}");
    }

    private Task DroppedAsync() => TestTimeout.EventuallyAsync(
        async () => (await _host.Service<VectorStores>()["embedded"].ListAsync(default)).Count == 1, "the former index is dropped");

    private async Task<Collection> DescribeAsync(string collection = "docs") =>
        (await _host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "acme", Collection = collection })).Collection;

    private async Task<SearchResponse> SearchAsync() => await _host.Client.SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "common" });
}
