using Grpc.Core;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Features;

/// <summary>What one tenant trained is no base model of another, though both look into one folder of models.</summary>
public sealed class TenantModelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_OverAnothersPublishedModel_IsNotFound()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ("FineTuneJobs:MaxRunningJobs", "0"));
        var dataset = (await host.UploadAsync(Examples.Chat())).Id;
        var theirs = _folder.File("models/acme.support-passages-1");
        Directory.CreateDirectory(theirs);
        File.WriteAllText(Path.Combine(theirs, "config.json"), "{}");
        var spec = new JobSpec { Method = TrainingMethod.Specialist, BaseModel = "acme.support-passages-1", Data = new DatasetUse { TrainingDataset = dataset } };
        (await Calls.StatusAsync(() => host.Client.CreateAsync(spec))).ShouldBe(StatusCode.OK, "a model that somebody put there is everybody's");

        File.WriteAllText(Path.Combine(theirs, "adapter-id.txt"), AdapterFolders.IdOf("acme", "ftjob-one"));

        (await Calls.StatusAsync(() => host.Client.CreateAsync(spec))).ShouldBe(StatusCode.NotFound);
    }
}
