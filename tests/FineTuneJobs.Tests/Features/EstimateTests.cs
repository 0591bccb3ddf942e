using Microsoft.Extensions.DependencyInjection;
using RagPlatform.FineTuneJobs.Estimates;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Features;

public sealed class EstimateTests : IDisposable
{
    private static readonly DatasetStatistics Statistics = new(1200, 1000, 100, 100, 20_000, 20_000, 20, 30, 40, 0, 0, null, []);

    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("full")]
    [InlineData("lora")]
    public async Task Estimate_ModelOfKnownShape_IsByItsOperationsAndThisMachine(string tuning)
    {
        WriteModel();
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ("FineTuneJobs:ModelsDirectory", _folder.File("models")), ("FineTuneJobs:TrainingWatts", "100"));

        var estimate = Estimate(host, new Dictionary<string, string> { ["tuning"] = tuning, ["epochs"] = "3", ["batch_tokens"] = "auto" });

        // 10,616,832 weights are multiplied with; an adapter of rank 16 on all layers has 663,552.
        estimate.Basis.ShouldContain(tuning == "full" ? "64 million operations a token" : "46 million operations a token");
        estimate.Basis.ShouldContain("3 epochs,");
        estimate.Tokens.ShouldBe(60_000);
        estimate.Minutes.ShouldBeGreaterThan(0);
        estimate.MemoryMebibytes.ShouldBeInRange(200, 2000);
        estimate.EnergyWattHours.ShouldBe(100 * estimate.Minutes / 60, 1e-9);
    }

    [Fact]
    public async Task Estimate_NoSuchModel_SaysThatTheTimeIsUnknown()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path);

        var estimate = Estimate(host, new Dictionary<string, string>());

        estimate.Minutes.ShouldBe(0);
        estimate.Basis.ShouldContain("unknown");
        estimate.Basis.ShouldContain("5 epochs assumed");
    }

    private static JobEstimate Estimate(FineTuneHost host, Dictionary<string, string> hyperParameters) => host.Services.GetRequiredService<JobEstimator>()
        .Estimate(new JobSpec { Method = TrainingMethod.Specialist, BaseModel = "tiny", Data = new DatasetUse() }, hyperParameters, Statistics);

    private void WriteModel()
    {
        Directory.CreateDirectory(_folder.File("models/tiny"));
        File.WriteAllText(_folder.File("models/tiny/config.json"), """
            {"architectures":["BertModel"],"model_type":"bert","hidden_act":"gelu","hidden_size":384,"num_hidden_layers":6,"num_attention_heads":12,
             "intermediate_size":1536,"vocab_size":30522,"max_position_embeddings":512,"type_vocab_size":2,"layer_norm_eps":1e-12,"pad_token_id":0}
            """);
    }

    public void Dispose() => _folder.Dispose();
}
