using RagPlatform.Contracts.Embedding;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Tests.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Features;

/// <summary>Batches that were embedded with the model that their collection had a moment ago: they neither fail nor mix.</summary>
public sealed class StragglerTests : IAsyncLifetime
{
    private const string NewModel = "new-model";
    private const int NewDimension = 8;

    private RetrievalHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await RetrievalHost.StartAsync();
        _host.Embedding.Dimensions[NewModel] = NewDimension;
        await _host.IndexAsync(Batches.Version(Batches.Document("first"), 1));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Version_HalfBeforeTheSwitchAndHalfAfter_IsWholeInTheNewModel(int before, int after)
    {
        var version = Batches.Version(Batches.Document("late"), 1);
        await _host.IndexAsync(version[before]);
        await SwitchAsync();

        await _host.IndexAsync(version[after]);

        await ShouldHoldAsync("late", 1);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Version_WhollyAfterTheSwitch_InEitherOrderAndDeliveredAgain_IsEmbeddedOnce(int first, int second)
    {
        await SwitchAsync();
        var version = Batches.Version(Batches.Document("late"), 1);

        await _host.IndexAsync(version[first], version[second]);
        await ShouldHoldAsync("late", 1);
        var calls = _host.Embedding.Requests.Count;
        await _host.IndexAsync(version[first], version[second]);

        _host.Embedding.Requests.Count.ShouldBe(calls);
        await ShouldHoldAsync("late", 1);
        (await _host.Client.SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "common" })).Model.ShouldBe(NewModel);
    }

    [Fact]
    public async Task Version_NewerThanTheVisibleOne_ReplacesIt()
    {
        await SwitchAsync();

        await _host.IndexAsync(Batches.Version(Batches.Document("first"), 2));

        await ShouldHoldAsync("first", 2);
        _host.Collections.Require(TestStore.Docs).Size.ShouldBe(new CollectionSize(1, 4));
    }

    [Fact]
    public async Task Version_ThatIsDeletedWhileItIsEmbeddedAgain_StaysAway()
    {
        await SwitchAsync();
        _host.Embedding.Before = async _ =>
        {
            _host.Embedding.Before = _ => Task.CompletedTask;
            await _host.Service<DocumentWriter>().RemoveAsync(TestStore.Docs, "late", 2, default);
        };

        await _host.IndexAsync(Batches.Version(Batches.Document("late"), 1));

        (await ReadAsync("late")).ShouldBeNull();
        _host.Collections.Require(TestStore.Docs).Size.Documents.ShouldBe(1);
    }

    [Theory]
    [InlineData("third-model", 16)]
    [InlineData(Batches.Model, Batches.Dimension)]
    public async Task Version_WhoseCollectionIsSwitchedAgainMeanwhile_HasTheLastModelsVectors(string last, int dimension)
    {
        await SwitchAsync();
        _host.Embedding.Dimensions["third-model"] = 16;
        _host.Embedding.Before = async request =>
        {
            if (request.Passages[0].Title == "Title late" && request.Model == NewModel)
            {
                _host.Embedding.Before = _ => Task.CompletedTask;
                await SwitchAsync(last);
            }
        };

        await _host.IndexAsync(Batches.Version(Batches.Document("late"), 1));

        (await ReadAsync("late")).ShouldNotBeNull().Chunks.ShouldAllBe(chunk => chunk.Vector.Length == dimension);
    }

    [Fact]
    public async Task Version_PreparedAgainForTheNewModelWhileTheFormerPreparationArrives_IsVisibleOnce()
    {
        await SwitchAsync();
        var former = Batches.Version(Batches.Document("late"), 1);
        var present = Batches.Version(Batches.Document("late"), 1, batches: 3, chunksPerBatch: 1, NewModel, NewDimension);

        await _host.IndexAsync(former[0], present[0], present[1], former[1], present[2], present[0], present[1]);

        (await ReadAsync("late")).ShouldNotBeNull().Chunks.ShouldAllBe(chunk => chunk.Vector.Length == NewDimension);
        _host.Collections.Require(TestStore.Docs).Size.Documents.ShouldBe(2);
    }

    [Fact]
    public async Task Version_WhileTheEmbeddingServiceIsDown_IsKeptAndCompletedByItsRedelivery()
    {
        await SwitchAsync();
        var version = Batches.Version(Batches.Document("late"), 1);
        await _host.IndexAsync(version[0]);
        EmbedDocument down = (_, _, _) => throw new ServiceException(FailureKind.Unavailable, "DOWN", "down");
        await Should.ThrowAsync<ServiceException>(() => _host.Service<DocumentWriter>().StageAsync(TestStore.Docs, version[1], down, default));
        (await ReadAsync("late")).ShouldBeNull();

        await _host.RestartAsync();
        await _host.IndexAsync(version[1]);

        await ShouldHoldAsync("late", 1);
    }

    [Fact]
    public async Task Version_PutWhileTheBuildRuns_IsInTheNewIndexWithTheOthers()
    {
        var gate = new TaskCompletionSource();
        _host.Embedding.Before = async request =>
        {
            if (request.Passages.Count > 0 && request.Passages[0].Title == "Title first")
            {
                await gate.Task;
            }
        };
        await _host.Client.StartBuildAsync(new StartBuildRequest { Tenant = "acme", Collection = "docs", Model = NewModel });
        await _host.IndexAsync(Batches.Version(Batches.Document("meanwhile"), 1));
        (await ModelAsync()).ShouldBe(Batches.Model);
        gate.SetResult();
        await WaitForModelAsync(NewModel);

        await ShouldHoldAsync("meanwhile", 1);
        await ShouldHoldAsync("first", 1);
    }

    [Fact]
    public async Task CollectionCreatedWithAModel_EmbedsWhatComesForAnother()
    {
        await _host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = "own", EmbeddingModel = NewModel });
        (await ModelAsync("own")).ShouldBe(NewModel);

        await _host.IndexAsync(Batches.Version(Batches.Document("a", collection: "own"), 1));

        var own = _host.Collections.Require(CollectionKey.Require("acme", "own"));
        (own.Index!.Settings, own.Size).ShouldBe((new IndexSettings(NewModel, NewDimension), new CollectionSize(1, 4)));
    }

    private async Task SwitchAsync(string model = NewModel)
    {
        await _host.Client.StartBuildAsync(new StartBuildRequest { Tenant = "acme", Collection = "docs", Model = model });
        await WaitForModelAsync(model);
    }

    private Task WaitForModelAsync(string model) => TestTimeout.EventuallyAsync(async () => await ModelAsync() == model, $"the switch to {model}");

    private async Task<string> ModelAsync(string collection = "docs") =>
        (await _host.Client.GetCollectionModelAsync(new GetCollectionModelRequest { Tenant = "acme", Collection = collection })).Model;

    private async Task ShouldHoldAsync(string documentId, long version)
    {
        var held = (await ReadAsync(documentId)).ShouldNotBeNull();
        held.Version.ShouldBe(version);
        held.Chunks.Select(chunk => chunk.Ordinal).ShouldBe([0, 1, 2, 3]);
        held.Chunks.ShouldAllBe(chunk => chunk.Vector.Length == NewDimension && chunk.Vector.ToArray()[0] == 1);
    }

    private Task<RagPlatform.Search.IndexedDocument?> ReadAsync(string documentId)
    {
        var index = _host.Collections.Require(TestStore.Docs).Index!;
        return _host.Service<VectorStores>()[index.Store].ReadDocumentAsync(index.Key, documentId, default);
    }
}
