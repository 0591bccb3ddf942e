using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Features.Predict;
using RagPlatform.FineTuneJobs.Features.PromoteAdapter;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuneJobs.Tests.Adapters;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Tests.Retrieving;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Serving;

/// <summary>Specialists that were really trained, if tiny ones, from their files to their answers.</summary>
public sealed class SpecialistServingTests : IDisposable
{
    private const string Base = "tiny";

    private readonly TestFolder _folder = new();
    private readonly AdapterHost _host;

    public SpecialistServingTests()
    {
        _host = new AdapterHost(_folder.Path, new FakeLoader { IsReal = true });
        var files = TinyEncoder.Files();
        Copy(files, Path.Combine(_folder.Path, "models", Base));
    }

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Trained_TwoOverOneBase_AnswerAsTheirTrainerDidAndShareTheBase()
    {
        var (one, two) = (await TrainAsync("lora", seed: 1), await TrainAsync("lora", seed: 2));

        one.Evidence!.SmokeProblem.ShouldBeNull();
        one.Evidence.HeldOut!.Predictions.ShouldBe(40);
        one.Gate!.Checks.Single(check => check.Name == "smoke_prediction").Passed.ShouldBeTrue();
        var models = _host.Get<LoadedModels>();
        var baseBytes = new DirectoryInfo(Path.Combine(_folder.Path, "models", Base)).EnumerateFiles().Sum(file => file.Length);
        models.Held.ShouldBe((2, one.Bytes + two.Bytes + baseBytes));

        await AllowAsync(one);
        await _host.Get<PromoteAdapterHandler>().PromoteAsync(AdapterHost.Actor, one.Id, CancellationToken.None).WithTimeout("the promotion");
        var answer = await _host.Get<PredictHandler>().PredictAsync(AdapterHost.Tenant, one.Name, ["aska fillerb", "askb fillerc"], CancellationToken.None).WithTimeout("the prediction");

        answer.Adapter.ShouldBe(one.Id);
        answer.Predictions.Select(prediction => prediction.Json).ShouldBe(["""{"intent":"intent a"}""", """{"intent":"intent b"}"""]);
        answer.Predictions.ShouldAllBe(prediction => prediction.Confidence > 0.5 && prediction.FieldConfidences.ContainsKey("intent"));
    }

    [Fact]
    public async Task Trained_WhoseHeadsAreDamaged_DoesNotPass()
    {
        var adapter = await TrainAsync("full", seed: 3, damage: folder => File.WriteAllText(Path.Combine(folder, "heads.safetensors"), "damaged"));

        adapter.State.ShouldBe(AdapterState.Candidate);
        adapter.Gate!.Checks.Single(check => check.Name == "smoke_prediction").Passed.ShouldBeFalse();
    }

    /// <summary>The gate's limits are of no interest here.</summary>
    private async Task AllowAsync(Adapter adapter)
    {
        var loosest = FineTuneJobs.Adapters.Gates.GateLimit.All.ToDictionary(limit => limit.Name, limit => limit.Name.StartsWith("min_", StringComparison.Ordinal) ? limit.Min : limit.Max);
        await _host.Get<FineTuneJobs.Adapters.Gates.GateSettings>().SetAsync(AdapterHost.Tenant, adapter.Project, loosest, CancellationToken.None);
        (await _host.Get<AdapterRegistry>().JudgeAsync(AdapterHost.Actor, adapter.Id, null, CancellationToken.None)).State.ShouldBe(AdapterState.Promotable);
    }

    private async Task<Adapter> TrainAsync(string method, ulong seed, Action<string>? damage = null)
    {
        var (files, tiny, heldOut) = (new MemoryFiles(), TinyEncoder.Files(), Examples(40, 2));
        var parameters = new Dictionary<string, string>
        {
            ["epochs"] = "6", ["learning_rate"] = "0.004", ["head_rate_factor"] = "3", ["layer_decay"] = "1", ["dropout"] = "0", ["batch_size"] = "16", ["tuning"] = method,
        };
        var outcome = new SpecialistTrainer().Train(
            new TrainingRun(tiny, Base, new TrainingSet(Examples(300, 1), Examples(40, 3), heldOut), parameters, seed, Threads: 1)
            {
                Checkpoints = new MemoryCheckpointStore(), Observer = new Silence(), CreateFile = files.Create,
            },
            CancellationToken.None);
        var folder = Path.Combine(_folder.Path, "finetune", "made", $"job-{seed}");
        Copy(files, folder);
        damage?.Invoke(folder);
        return await _host.Get<AdapterRegistry>().RegisterAsync(
            new FinishedTraining(AdapterHost.Tenant, $"ftjob-{seed}", "tiny", "intents", "specialist", Base, folder, outcome.Rows) { HeldOut = heldOut }, CancellationToken.None).WithTimeout("the registration");
    }

    private static List<TrainingExample> Examples(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(1, count).Select(line => (Line: line, Topic: random.Next(4), Filler: random.Next(TinyEncoder.Topics))).Select(drawn => new ChatExample(
                drawn.Line, "",
                [
                    new ChatTurn("user", $"{TinyEncoder.Word("ask", drawn.Topic)} {TinyEncoder.Word("filler", drawn.Filler)}", null, 1),
                    new ChatTurn("assistant", $$"""{"intent":"intent {{(char)('a' + drawn.Topic)}}"}""", null, 1),
                ],
                null)),
        ];
    }

    private static void Copy(MemoryFiles files, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in files.Names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllBytes(Path.Combine(folder, name), files.Bytes(name));
        }
    }

    private sealed class Silence : ITrainingObserver
    {
        public bool IsPauseRequested => false;

        public void Progressed(TrainingProgress progress)
        {
            // Of no interest here.
        }

        public void Measured(string name, long step, double value)
        {
            // Of no interest here.
        }

        public void Said(string message)
        {
            // Of no interest here.
        }
    }
}
