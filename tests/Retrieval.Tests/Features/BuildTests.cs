using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Tests.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Features;

/// <summary>Guarantee 10: a second index beside the first, switched to when it holds everything, and otherwise as if it never was.</summary>
public sealed class BuildTests : IAsyncLifetime
{
    private RetrievalHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await RetrievalHost.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await _host.IndexAsync(Batches.Version(Batches.Document($"doc{i}"), 1));
        }
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Build_AnotherStore_MovesTheCollectionAsItIs()
    {
        var before = await SearchAsync();

        var told = await BuildAsync(new StartBuildRequest { Store = "memory" });

        told[^1].ShouldBe((BuildState.Succeeded, 5L, 5L));
        var collection = await DescribeAsync();
        (collection.Store, collection.ChunkCount, collection.Model).ShouldBe(("memory", 20L, Batches.Model));
        (await _host.Service<IEnumerable<IVectorStore>>().Single(store => store.Name == "embedded").ListAsync(default)).ShouldBeEmpty();
        (await SearchAsync()).Hits.Select(hit => hit.ChunkId).ShouldBe(before.Hits.Select(hit => hit.ChunkId), ignoreOrder: true);
        _host.Embedding.Requests.ShouldAllBe(request => request.Kind == EmbedKind.Query);

        await _host.IndexAsync(Batches.Version(Batches.Document("later"), 1));
        (await DescribeAsync()).DocumentCount.ShouldBe(6);
    }

    [Fact]
    public async Task Build_AnotherModel_EmbedsEveryChunkWithItAndTakesItsBatches()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document("half"), 1)[0]);
        _host.Embedding.Dimension = 8;

        await BuildAsync(new StartBuildRequest { Model = "other-model" });

        var collection = await DescribeAsync();
        (collection.Model, collection.Dimension, collection.ChunkCount).ShouldBe(("other-model", 8, 20L));
        var passages = _host.Embedding.Requests.Where(request => request.Kind == EmbedKind.Passage).SelectMany(request => request.Passages).ToList();
        passages.Count.ShouldBe(21);
        (passages[^1].Title, passages[^1].HeadingPath[0]).ShouldBe(("Title doc4", "Guide"));
        await _host.IndexAsync(Batches.Version(Batches.Document("half"), 1, model: "other-model", dimension: 8));
        (await SearchAsync()).Model.ShouldBe("other-model");
    }

    [Theory]
    [InlineData("other-model", 8)]
    [InlineData(Batches.Model, 16)]
    public async Task Build_OfAnEmptiedCollection_ChangesItsModelOrTheDimensionThatItNowHas(string model, int dimension)
    {
        for (var i = 0; i < 5; i++)
        {
            await _host.Service<DocumentWriter>().RemoveAsync(TestStore.Docs, $"doc{i}", 2, default);
        }

        _host.Embedding.Dimension = dimension;
        (await BuildAsync(new StartBuildRequest { Model = model }))[^1].State.ShouldBe(BuildState.Succeeded);

        await _host.IndexAsync(Batches.Version(Batches.Document("new"), 1, model: model, dimension: dimension));
        var collection = await DescribeAsync();
        (collection.Model, collection.Dimension, collection.DocumentCount).ShouldBe((model, dimension, 1L));
    }

    [Fact]
    public async Task Build_ChunkedAgain_TakesTheRegistrysChunks()
    {
        await BuildAsync(new StartBuildRequest { ChunkAgain = true });

        var collection = await DescribeAsync();
        (collection.DocumentCount, collection.ChunkCount).ShouldBe((5L, 15L));
        (await SearchAsync("rechunked")).Hits.ShouldAllBe(hit => hit.Text.StartsWith("rechunked") && hit.Title.StartsWith("Title doc") && hit.VectorScore == 1);
        await _host.Service<DocumentWriter>().RemoveAsync(TestStore.Docs, "doc0", 2, default);
        (await DescribeAsync()).ChunkCount.ShouldBe(12);
    }

    [Fact]
    public async Task Build_WhileDocumentsChange_EndsWithWhatIsThenVisible()
    {
        _host.Embedding.Dimension = 4;
        var gate = new TaskCompletionSource();
        _host.Embedding.Before = request => request.Passages.Any(passage => passage.Title.Length > 0) ? gate.Task : Task.CompletedTask;
        await StartAsync(new StartBuildRequest { Model = "other-model" });
        await _host.IndexAsync(Batches.Version(Batches.Document("doc0"), 2, batches: 1, chunksPerBatch: 1));
        await _host.IndexAsync(Batches.Version(Batches.Document("new"), 1));
        await _host.Service<DocumentWriter>().RemoveAsync(TestStore.Docs, "doc1", 2, default).WithTimeout("removing");
        (await SearchAsync("doc1", lexicalAlone: true)).Hits.ShouldBeEmpty();
        gate.SetResult();

        await WatchAsync();

        var collection = await DescribeAsync();
        (collection.Model, collection.DocumentCount, collection.ChunkCount).ShouldBe(("other-model", 5L, 17L));
        (await SearchAsync("doc1 edition1")).Hits.ShouldNotContain(hit => hit.DocumentId == "doc1" || (hit.DocumentId == "doc0" && hit.Version == 1));
    }

    [Fact]
    public async Task Build_WaitsForAStoreBeforeItSwitches_WritersDoNotWait()
    {
        var (writes, isDown, stuck) = (0, true, new TaskCompletionSource());
        _host.Memory.Before = call =>
        {
            if (call != nameof(IVectorStore.ReplaceAsync))
            {
                return;
            }

            switch (Interlocked.Increment(ref writes))
            {
                case 1:
                    _host.IndexAsync(Batches.Version(Batches.Document("late"), 1)).Wait(TestTimeout.Default).ShouldBeTrue();
                    break;
                case > 5 when Volatile.Read(ref isDown):
                    stuck.TrySetResult();
                    throw new ServiceException(FailureKind.Unavailable, "DOWN", "down");
            }
        };
        await StartAsync(new StartBuildRequest { Store = "memory" });
        await stuck.Task.WithTimeout("the collection is held and the store is down");

        await _host.IndexAsync(Batches.Version(Batches.Document("meanwhile"), 1));

        Volatile.Write(ref isDown, false);
        (await WatchAsync())[^1].ShouldBe((BuildState.Succeeded, 7L, 7L));
    }

    [Fact]
    public async Task Build_ThatCannotSucceed_LeavesTheCollectionAsItWas()
    {
        _host.Ingestion.Missing = "doc3";

        var told = await BuildAsync(new StartBuildRequest { ChunkAgain = true, Store = "memory" });

        told[^1].State.ShouldBe(BuildState.Failed);
        var collection = await DescribeAsync();
        (collection.Store, collection.ChunkCount, collection.Build.State).ShouldBe(("embedded", 20L, BuildState.Failed));
        collection.Build.Failure.ShouldContain("'doc3' version 1");
        collection.Build.Failure.ShouldContain("without chunking again");
        await TestTimeout.EventuallyAsync(async () => (await _host.Memory.ListAsync(default)).Count == 0, "the target is dropped");

        _host.Ingestion.Missing = null;
        (await BuildAsync(new StartBuildRequest { ChunkAgain = true }))[^1].State.ShouldBe(BuildState.Succeeded);
    }

    [Fact]
    public async Task Build_TargetThatLosesChunks_IsNotSwitchedTo()
    {
        _host.Memory.Before = call =>
        {
            if (call == nameof(IVectorStore.DescribeAsync))
            {
                _host.Memory.Before = null;
                _host.Memory.Forget("doc2");
            }
        };

        (await BuildAsync(new StartBuildRequest { Store = "memory" }))[^1].State.ShouldBe(BuildState.Failed);

        var collection = await DescribeAsync();
        collection.Build.Failure.ShouldContain("4 documents");
        (collection.Store, collection.DocumentCount).ShouldBe(("embedded", 5L));
    }

    [Fact]
    public async Task Restart_DuringABuild_GoesOnWhereItWas()
    {
        var (written, stuck) = (0, new TaskCompletionSource());
        _host.Memory.Before = call =>
        {
            if (call == nameof(IVectorStore.ReplaceAsync) && Interlocked.Increment(ref written) > 2)
            {
                stuck.TrySetResult();
                throw new ServiceException(FailureKind.Unavailable, "DOWN", "down");
            }
        };
        await StartAsync(new StartBuildRequest { Store = "memory" });
        await stuck.Task.WithTimeout("two documents are copied");

        var again = 0;
        await _host.RestartAsync(before: call => Interlocked.Add(ref again, call == nameof(IVectorStore.ReplaceAsync) ? 1 : 0));

        (await WatchAsync())[^1].ShouldBe((BuildState.Succeeded, 5L, 5L));
        again.ShouldBe(3);
        (await DescribeAsync()).Store.ShouldBe("memory");
        (await SearchAsync("common")).Hits.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Cancel_RunningBuild_StopsItAndDropsWhatThereWas()
    {
        var gate = new TaskCompletionSource();
        _host.Memory.Before = call =>
        {
            if (call == nameof(IVectorStore.ReplaceAsync))
            {
                gate.Task.Wait();
            }
        };
        await StartAsync(new StartBuildRequest { Store = "memory" });
        (await Should.ThrowAsync<RpcException>(() => StartAsync(new StartBuildRequest()))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);

        var cancelled = (await _host.Client.CancelBuildAsync(new CancelBuildRequest { Tenant = "acme", Collection = "docs" })).Build;
        gate.SetResult();

        cancelled.State.ShouldBe(BuildState.Cancelled);
        (await WatchAsync())[^1].State.ShouldBe(BuildState.Cancelled);
        await TestTimeout.EventuallyAsync(async () => (await _host.Memory.ListAsync(default)).Count == 0, "the target is dropped");
        (await DescribeAsync()).Store.ShouldBe("embedded");
        (await Should.ThrowAsync<RpcException>(async () => await _host.Client.CancelBuildAsync(new CancelBuildRequest { Tenant = "acme", Collection = "docs" })))
            .StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Delete_CollectionDuringItsBuild_EndsBoth()
    {
        var gate = new TaskCompletionSource();
        _host.Embedding.Gate = Task.CompletedTask;
        await StartAsync(new StartBuildRequest { Model = "other-model" });
        _host.Embedding.Gate = gate.Task;

        await _host.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = "acme", Collection = "docs" });
        gate.SetResult();

        var embedded = _host.Service<IEnumerable<IVectorStore>>().Single(store => store.Name == "embedded");
        await TestTimeout.EventuallyAsync(async () => (await embedded.ListAsync(default)).Count == 0, "both indexes are dropped");
    }

    [Theory]
    [InlineData("none", "", StatusCode.NotFound)]
    [InlineData("empty", "", StatusCode.FailedPrecondition)]
    [InlineData("docs", "tape", StatusCode.InvalidArgument)]
    public async Task Start_OfNothing_IsRefused(string collection, string store, StatusCode status)
    {
        await _host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = "empty" });

        (await Should.ThrowAsync<RpcException>(async () =>
            await _host.Client.StartBuildAsync(new StartBuildRequest { Tenant = "acme", Collection = collection, Store = store }))).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Start_ModelThatIsMissing_FailsAtOnce()
    {
        _host.Embedding.Failure = new ServiceException(FailureKind.FailedPrecondition, "MODEL_MISSING", "model: it is not pulled.");

        var exception = await Should.ThrowAsync<RpcException>(() => StartAsync(new StartBuildRequest { Model = "other-model" }));

        FailureStatus.FromRpcException(exception)!.Code.ShouldBe("MODEL_MISSING");
        (await Should.ThrowAsync<RpcException>(() => WatchAsync())).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    private async Task<IndexBuild> StartAsync(StartBuildRequest request)
    {
        (request.Tenant, request.Collection) = ("acme", "docs");
        return (await _host.Client.StartBuildAsync(request)).Build;
    }

    private async Task<List<(BuildState State, long Done, long Total)>> BuildAsync(StartBuildRequest request)
    {
        await StartAsync(request);
        return await WatchAsync();
    }

    private async Task<List<(BuildState State, long Done, long Total)>> WatchAsync()
    {
        using var call = _host.Client.WatchBuild(new WatchBuildRequest { Tenant = "acme", Collection = "docs" }, deadline: DateTime.UtcNow.AddSeconds(20));
        var told = new List<(BuildState, long, long)>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            told.Add((response.Build.State, response.Build.DoneDocuments, response.Build.TotalDocuments));
        }

        return told;
    }

    private async Task<Collection> DescribeAsync() =>
        (await _host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "acme", Collection = "docs" })).Collection;

    private async Task<SearchResponse> SearchAsync(string query = "common", bool lexicalAlone = false) => await _host.Client.SearchAsync(new SearchRequest
    {
        Tenant = "acme", Collection = "docs", Query = query, TopK = 100,
        Settings = new SearchSettings { Fusion = lexicalAlone ? FusionMethod.Lexical : FusionMethod.Unspecified },
    });
}
