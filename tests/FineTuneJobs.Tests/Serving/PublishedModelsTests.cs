using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Features.PromoteAdapter;
using RagPlatform.FineTuneJobs.Features.RetireAdapter;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuneJobs.Tests.Adapters;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.FineTuneJobs.Tests.Serving;

public sealed class PublishedModelsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly AdapterHost _host;

    public PublishedModelsTests() => _host = new AdapterHost(_folder.Path);

    private string Models => Path.Combine(_folder.Path, "models");

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Promote_Retriever_PutsItsMergedFilesIntoTheModelsDirectory()
    {
        var adapter = await RegisterAsync();
        Directory.Exists(Models).ShouldBeFalse("only promotion publishes");

        await PromoteAsync(adapter);

        Directory.GetDirectories(Models).Select(Path.GetFileName).ShouldBe(["acme.support-passages-1"]);
        ModelDescription.Read(new BaseModelFolder("tuned", Path.Combine(Models, "acme.support-passages-1"))).Kind.ShouldBe(ModelKind.Encoder);
        File.Exists(Path.Combine(Models, "acme.support-passages-1", "1_Pooling", "config.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task Promote_WhenTheFilesCannotBeCopied_LeavesNothingAndIsNotPromoted()
    {
        var adapter = await RegisterAsync();
        Directory.Delete(_host.Get<AdapterFolders>().Of(adapter.Id), recursive: true);

        (await Should.ThrowAsync<ServiceException>(() => PromoteAsync(adapter))).Code.ShouldBe("MODEL_NOT_PUBLISHED");

        Directory.GetFileSystemEntries(Models).ShouldBeEmpty();
        _host.Get<AdapterCatalog>().Get(AdapterHost.Tenant, adapter.Id, "id").State.ShouldBe(AdapterState.Promotable);
    }

    [Fact]
    public async Task Promote_AfterACrashHalfWayThroughACopy_BeginsAnew()
    {
        var adapter = await RegisterAsync();
        var half = Path.Combine(Models, $".{PublishedModels.NameOf(adapter)}.{adapter.Id}.partial");
        Directory.CreateDirectory(half);
        await File.WriteAllTextAsync(Path.Combine(half, "config.json"), "half");
        Directory.SetLastWriteTimeUtc(half, DateTime.UtcNow.AddHours(-2));

        await PromoteAsync(adapter);

        Directory.GetDirectories(Models).ShouldHaveSingleItem();
        ModelDescription.Read(new BaseModelFolder("tuned", Path.Combine(Models, PublishedModels.NameOf(adapter)))).Parameters.ShouldBe(8);
    }

    [Fact]
    public async Task Promote_WhereAnotherModelHasTheName_IsRefusedAndLeavesItAlone()
    {
        var adapter = await RegisterAsync();
        var taken = Directory.CreateDirectory(Path.Combine(Models, PublishedModels.NameOf(adapter)));

        (await Should.ThrowAsync<ServiceException>(() => PromoteAsync(adapter))).Code.ShouldBe("MODEL_NAME_TAKEN");
        taken.GetFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task Register_HalfAModel_IsACandidateThatSaysWhatIsMissing()
    {
        var adapter = await RegisterAsync(withWeights: false);

        adapter.Gate!.Checks.Single(check => check.Name == "smoke_prediction").Explanation.ShouldContain("no weights");
    }

    [Fact]
    public async Task Delete_OnceItIsReplaced_TakesItsModelAway()
    {
        var (first, second) = (await RegisterAsync(), await RegisterAsync());
        await PromoteAsync(first);
        await PromoteAsync(second);
        Directory.GetDirectories(Models).Length.ShouldBe(2, "collections may still be built with the former");

        await _host.Get<RetireAdapterHandler>().DeleteAsync(AdapterHost.Actor, first.Id, CancellationToken.None);

        Directory.GetDirectories(Models).Select(Path.GetFileName).ShouldBe([PublishedModels.NameOf(second)]);
    }

    [Fact]
    public async Task Promote_TwiceAtOnce_PublishesTheWholeModel()
    {
        var adapter = await RegisterAsync();
        var other = new PublishedModels(_host.Get<AdapterFolders>(), _host.Get<Microsoft.Extensions.Options.IOptions<AdapterOptions>>(), TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(() => (index % 2 == 0 ? other : _host.Get<PublishedModels>()).PublishAsync(adapter, CancellationToken.None))))
            .WithTimeout("the publishing");

        Directory.GetDirectories(Models).ShouldHaveSingleItem();
        var (made, published) = (_host.Get<AdapterFolders>().Of(adapter.Id), Path.Combine(Models, PublishedModels.NameOf(adapter)));
        foreach (var file in Directory.EnumerateFiles(made, "*", SearchOption.AllDirectories))
        {
            File.ReadAllBytes(Path.Combine(published, Path.GetRelativePath(made, file))).ShouldBe(File.ReadAllBytes(file));
        }
    }

    [Fact]
    public async Task Delete_AfterADeletionThatWasCutShort_EndsIt()
    {
        var (first, second) = (await RegisterAsync(), await RegisterAsync());
        await PromoteAsync(first);
        await PromoteAsync(second);
        // What a crash left, and what keeps the model from going now.
        Directory.CreateDirectory(Path.Combine(Models, $".{PublishedModels.NameOf(first)}.{first.Id}.removed", "x"));

        await _host.Get<RetireAdapterHandler>().DeleteAsync(AdapterHost.Actor, first.Id, CancellationToken.None);

        Directory.GetDirectories(Models).Select(Path.GetFileName).ShouldBe([PublishedModels.NameOf(second)]);
    }

    [Fact]
    public async Task Delete_ThatFailsHalfWay_CanBeAskedForAgain()
    {
        var (first, second) = (await RegisterAsync(), await RegisterAsync());
        await PromoteAsync(first);
        await PromoteAsync(second);
        var adapters = Path.GetDirectoryName(_host.Get<AdapterFolders>().Of(first.Id))!;
        var inTheWay = Path.Combine(adapters, $".{first.Id}.removed");
        await File.WriteAllTextAsync(inTheWay, "a folder cannot be moved here");
        await Should.ThrowAsync<Exception>(() => _host.Get<RetireAdapterHandler>().DeleteAsync(AdapterHost.Actor, first.Id, CancellationToken.None));
        (await Should.ThrowAsync<ServiceException>(() => PromoteAsync(first))).Code.ShouldBe("ADAPTER_RETIRED");
        File.Delete(inTheWay);

        await _host.Get<RetireAdapterHandler>().DeleteAsync(AdapterHost.Actor, first.Id, CancellationToken.None);

        Directory.GetDirectories(Models).Select(Path.GetFileName).ShouldBe([PublishedModels.NameOf(second)]);
        Directory.Exists(_host.Get<AdapterFolders>().Of(first.Id)).ShouldBeFalse();
    }

    private async Task<Adapter> RegisterAsync(bool withWeights = true)
    {
        var finished = _host.Finished($"ftjob-{Guid.NewGuid():N}", suffix: "passages", method: "retriever");
        WriteEncoder(finished.ResultFolder, withWeights);
        var adapter = await _host.Get<AdapterRegistry>().RegisterAsync(finished, CancellationToken.None);
        adapter.State.ShouldBe(withWeights ? AdapterState.Promotable : AdapterState.Candidate);
        return adapter;
    }

    /// <summary>As much of a model as its description looks at.</summary>
    private static void WriteEncoder(string folder, bool withWeights)
    {
        Directory.CreateDirectory(Path.Combine(folder, "1_Pooling"));
        File.WriteAllText(Path.Combine(folder, "1_Pooling", "config.json"), """{"word_embedding_dimension":4,"pooling_mode_mean_tokens":true}""");
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), "[PAD]\n[UNK]\n");
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            """{"architectures":["BertModel"],"model_type":"bert","hidden_size":4,"num_hidden_layers":1,"num_attention_heads":1,"intermediate_size":4,"vocab_size":2,"max_position_embeddings":16,"type_vocab_size":2,"layer_norm_eps":1e-12,"hidden_act":"gelu"}""");
        if (withWeights)
        {
            using var weights = File.Create(Path.Combine(folder, "model.safetensors"));
            SafetensorsWriter.Write(weights, [new Tensor("embeddings.word_embeddings.weight", [2, 4], new float[8])], RagPlatform.Numerics.ElementType.Float32);
        }
    }

    private Task<(Adapter Adapter, string Replaced)> PromoteAsync(Adapter adapter) =>
        _host.Get<PromoteAdapterHandler>().PromoteAsync(AdapterHost.Actor, adapter.Id, CancellationToken.None).WithTimeout("the promotion");
}
