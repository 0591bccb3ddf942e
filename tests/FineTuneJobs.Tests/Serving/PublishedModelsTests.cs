using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Features.PromoteAdapter;
using RagPlatform.FineTuneJobs.Features.RetireAdapter;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuneJobs.Tests.Adapters;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

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
        File.ReadAllText(Path.Combine(Models, "acme.support-passages-1", "config.json")).ShouldBe("{}");
        File.Exists(Path.Combine(Models, "acme.support-passages-1", "1_Pooling", "config.json")).ShouldBeTrue();
        File.Exists(Path.Combine(Models, "acme.support-passages-1", "adapter_model.safetensors")).ShouldBeFalse();
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

        await PromoteAsync(adapter);

        Directory.GetDirectories(Models).ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(Path.Combine(Models, PublishedModels.NameOf(adapter), "config.json"))).ShouldBe("{}");
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
    public async Task Delete_OnceItIsReplaced_TakesItsModelAway()
    {
        var (first, second) = (await RegisterAsync(), await RegisterAsync());
        await PromoteAsync(first);
        await PromoteAsync(second);
        Directory.GetDirectories(Models).Length.ShouldBe(2, "collections may still be built with the former");

        await _host.Get<RetireAdapterHandler>().DeleteAsync(AdapterHost.Actor, first.Id, CancellationToken.None);

        Directory.GetDirectories(Models).Select(Path.GetFileName).ShouldBe([PublishedModels.NameOf(second)]);
    }

    private async Task<Adapter> RegisterAsync()
    {
        var finished = _host.Finished($"ftjob-{Guid.NewGuid():N}", suffix: "passages", method: "retriever");
        var merged = Directory.CreateDirectory(Path.Combine(finished.ResultFolder, "merged", "1_Pooling"));
        await File.WriteAllTextAsync(Path.Combine(merged.FullName, "config.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(merged.Parent!.FullName, "config.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(finished.ResultFolder, "adapter_model.safetensors"), "lora");
        return await _host.Get<AdapterRegistry>().RegisterAsync(finished, CancellationToken.None);
    }

    private Task<(Adapter Adapter, string Replaced)> PromoteAsync(Adapter adapter) =>
        _host.Get<PromoteAdapterHandler>().PromoteAsync(AdapterHost.Actor, adapter.Id, CancellationToken.None).WithTimeout("the promotion");
}
