using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Embedding.Features.PullModel;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Models;

/// <summary>Pull, list, show, verify and remove, through the service as it is registered.</summary>
public sealed class ModelRegistryTests : IAsyncLifetime, IDisposable
{
    private const string Default = "default-model";
    private const string Pulled = "tiny-bert";
    private readonly TestFolder folder = new();
    private TestHub hub = null!;
    private TestServer server = null!;
    private EmbeddingService.EmbeddingServiceClient client = null!;

    public async Task InitializeAsync()
    {
        TinyBert.Write(folder.File($"models/{Default}"));
        hub = await TestHub.StartAsync();
        server = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                [
                    new("Embedding:ModelsDirectory", folder.File("models")),
                    new("Embedding:Model", Default),
                    new("Embedding:HubAddress", hub.Address.AbsoluteUri),
                    new("Embedding:AllowFolders", "true"),
                    new("HF_TOKEN", TestHub.Token),
                ]);
                builder.AddEmbedding();
            },
            app => app.MapEmbedding());
        client = new EmbeddingService.EmbeddingServiceClient(server.Channel);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await hub.DisposeAsync();
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Pull_FromAGatedRepository_IsLoadedListedAndShown()
    {
        hub.IsGated = true;

        var steps = await PullAsync(new PullModelRequest { Source = $"hub:{TestHub.Repository}" });

        // Loading may be over before anybody looks.
        steps.Select(step => step.Step).Distinct().Where(step => step != "loading").ShouldBe(["resolving", "downloading", "pinned", "verifying", "ready"]);
        steps.ShouldAllBe(step => step.Model == Pulled);
        (await ModelAsync(Pulled)).ShouldBe(new Model
        {
            Id = Pulled, State = "ready", Kind = "encoder", Dimension = TinyBert.Dimension, MaxTokens = TinyBert.MaxTokens, License = "mit", IsLoaded = true,
            Source = $"hub:{TestHub.Repository}@{TestHub.Commit}", Revision = TestHub.Commit, SizeBytes = hub.Files["config.json"].Length + hub.Files["vocab.txt"].Length + hub.Files["model.safetensors"].Length,
        });
        var shown = await client.ShowModelAsync(new ShowModelRequest { Model = Pulled });
        shown.Files.Select(file => (file.Name, file.Sha256.Length)).ShouldBe([("config.json", 64), ("model.safetensors", 64), ("vocab.txt", 64)]);
        (shown.Architecture, shown.VocabularySize, shown.WeightType).ShouldBe(("bert", TinyBert.Vocabulary.Length, "F32"));
        shown.Parameters.ShouldBeGreaterThan(0);
        (await client.EmbedAsync(new EmbedRequest { Model = Pulled, Kind = EmbedKind.Query, Texts = { "cat" } })).Dimension.ShouldBe(TinyBert.Dimension);
    }

    [Fact]
    public async Task Pull_MoreModelsThanMayBeInMemory_AreStillPulled()
    {
        foreach (var name in (string[])["one", "two", "three", "four"])
        {
            (await PullAsync(new PullModelRequest { Source = $"hub:{TestHub.Repository}", Name = name }))[^1].Step.ShouldBe("ready");
        }

        (await ModelAsync("four")).ShouldSatisfyAllConditions(model => model!.State.ShouldBe("ready"), model => model!.IsLoaded.ShouldBeFalse());
    }

    [Fact]
    public async Task Pull_TwoCallers_JoinAndAThirdWithAnotherSourceIsRefused()
    {
        hub.Gate = new TaskCompletionSource();
        var request = new PullModelRequest { Source = $"hub:{TestHub.Repository}" };
        var first = PullAsync(request);
        await TestTimeout.EventuallyAsync(async () => (await ModelAsync(Pulled))?.State == "pulling", "the pull's start");
        var second = PullAsync(request);

        (await RefusalAsync(() => PullAsync(new PullModelRequest { Source = $"folder:{folder.File($"models/{Default}")}", Name = Pulled }))).Code.ShouldBe("PULL_UNDER_WAY");
        hub.Gate.SetResult();

        (await Task.WhenAll(first, second).WithTimeout("both pulls")).Select(steps => steps[^1].Step).ShouldBe(["ready", "ready"]);
        hub.Requests.Count(asked => asked == "model.safetensors").ShouldBe(1);
    }

    [Fact]
    public async Task Remove_WhileItIsPulled_EndsThePullAndLeavesNothing()
    {
        hub.Gate = new TaskCompletionSource();
        var pull = PullAsync(new PullModelRequest { Source = $"hub:{TestHub.Repository}" });
        await TestTimeout.EventuallyAsync(() => Task.FromResult(hub.Requests.Contains("model.safetensors")), "the weights' request");

        (await client.RemoveModelAsync(new RemoveModelRequest { Model = Pulled }).ResponseAsync.WithTimeout("the removal")).FreedBytes.ShouldBeGreaterThan(0);

        (await RefusalAsync(() => pull)).Code.ShouldBe("MODEL_MISSING");
        (await ModelAsync(Pulled)).ShouldBeNull();
        Directory.GetDirectories(folder.File("models")).ShouldBe([folder.File($"models/{Default}")]);
        server.Services.GetRequiredService<ModelPulls>().Find(Pulled).ShouldBeNull();
    }

    [Fact]
    public async Task Remove_LoadedModel_IsGoneFromMemoryAndDisk()
    {
        await PullAsync(new PullModelRequest { Source = $"folder:{folder.File($"models/{Default}")}", Name = "copy" });
        (await ModelAsync("copy"))!.IsLoaded.ShouldBeTrue();

        await client.RemoveModelAsync(new RemoveModelRequest { Model = "copy" });

        (await ModelAsync("copy")).ShouldBeNull();
        (await RefusalAsync(() => client.EmbedAsync(new EmbedRequest { Model = "copy", Kind = EmbedKind.Query, Texts = { "cat" } }).ResponseAsync)).Code.ShouldBe("MODEL_UNKNOWN");
        File.ReadAllText(folder.File("models/models.json")).ShouldNotContain("copy");
    }

    [Fact]
    public async Task Remove_DefaultOrUnknown_IsRefused()
    {
        (await RefusalAsync(() => client.RemoveModelAsync(new RemoveModelRequest { Model = Default }).ResponseAsync)).Code.ShouldBe("MODEL_IS_DEFAULT");
        (await RefusalAsync(() => client.RemoveModelAsync(new RemoveModelRequest { Model = "../models" }).ResponseAsync)).Code.ShouldBe("MODEL_UNKNOWN");
        (await RefusalAsync(() => client.RemoveModelAsync(new RemoveModelRequest()).ResponseAsync)).Code.ShouldBe("MODEL_UNKNOWN");
        Directory.Exists(folder.File($"models/{Default}")).ShouldBeTrue();
    }

    [Fact]
    public async Task Verify_EveryFile_IsComparedWithItsPin()
    {
        await PullAsync(new PullModelRequest { Source = $"hub:{TestHub.Repository}" });
        var weights = folder.File($"models/{Pulled}/model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        File.Delete(folder.File($"models/{Pulled}/vocab.txt"));

        var results = (await VerifyAsync(new VerifyModelRequest { Model = Pulled })).Where(step => step.Result is not FileCheckResult.Unspecified).ToList();

        results.Select(result => (result.File, result.Result)).ShouldBe(
            [("config.json", FileCheckResult.AsPinned), ("vocab.txt", FileCheckResult.Missing), ("model.safetensors", FileCheckResult.Different)]);
        results[2].ShouldSatisfyAllConditions(
            result => result.Expected.ShouldNotBe(result.Actual),
            result => result.Remedy.ShouldContain($"rag models pull {TestHub.Repository}@{TestHub.Commit} --as {Pulled}"),
            result => result.DoneBytes.ShouldBe(result.TotalBytes));
        (await ModelAsync(Pulled)).ShouldSatisfyAllConditions(
            model => model!.State.ShouldBe("incomplete"), model => model!.Detail.ShouldContain("vocab.txt"));
    }

    [Fact]
    public async Task Verify_All_TellsWhatIsNotPinned()
    {
        await PullAsync(new PullModelRequest { Source = $"hub:{TestHub.Repository}" });

        var results = (await VerifyAsync(new VerifyModelRequest { All = true })).Where(step => step.Result is not FileCheckResult.Unspecified);

        results.Select(result => (result.Model, result.Result, result.Actual.Length)).Distinct().ShouldBe([(Pulled, FileCheckResult.AsPinned, 64), (Default, FileCheckResult.NotPinned, 64)]);
    }

    [Fact]
    public async Task List_FileOfPinsDamaged_SaysSoAndModelsGoOnWorking()
    {
        await TestTimeout.EventuallyAsync(async () => (await ModelAsync(Default))?.State == "ready", "the default model is ready");
        File.WriteAllText(folder.File("models/models.json"), """{"models": [{"id": "x"}]}""");

        var list = await client.ListModelsAsync(new ListModelsRequest());

        list.Problems.ShouldHaveSingleItem().ShouldContain("models[0] ('x') is left out");
        list.Models.Select(model => (model.Id, model.Kind, model.State)).ShouldBe([("all-MiniLM-L6-v2", "encoder", "missing"), (Default, "encoder", "ready")]);
    }

    [Fact]
    public async Task Show_ModelThatIsNotHere_TellsItsPinnedFiles()
    {
        var shown = await client.ShowModelAsync(new ShowModelRequest { Model = "all-MiniLM-L6-v2" });

        shown.Model.State.ShouldBe("missing");
        shown.Files.ShouldContain(file => file.Name == "model.safetensors" && file.SizeBytes == 90_868_376);
    }

    private async Task<Model?> ModelAsync(string id) =>
        (await client.ListModelsAsync(new ListModelsRequest()).ResponseAsync.WithTimeout("ListModels")).Models.SingleOrDefault(model => model.Id == id);

    private Task<List<PullModelResponse>> PullAsync(PullModelRequest request) => ReadAsync(client.PullModel(request));

    private Task<List<VerifyModelResponse>> VerifyAsync(VerifyModelRequest request) => ReadAsync(client.VerifyModel(request));

    private static async Task<List<T>> ReadAsync<T>(AsyncServerStreamingCall<T> call)
    {
        using (call)
        {
            return await call.ResponseStream.ReadAllAsync().ToListAsync().AsTask().WithTimeout("the stream");
        }
    }

    private static async Task<ServiceException> RefusalAsync(Func<Task> call) =>
        FailureStatus.FromRpcException(await Should.ThrowAsync<RpcException>(() => call().WithTimeout("the refused call"))).ShouldNotBeNull();
}
