using System.Text.Json;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Workers;

/// <summary>The protocol's conformance: a small script as external trainer, below a real worker process.</summary>
public sealed class ScriptTrainerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Job_OfAScript_SucceedsWithItsProgressMetricsAndCheckpoints()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ScriptTrainer.Settings());
        var dataset = await host.UploadAsync(Examples.Chat());

        var job = await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id));
        var ended = await host.Client.EndAsync(job.Id);

        ended.State.ShouldBe(JobState.Succeeded, ended.Failure?.ToString());
        (ended.Progress.Step, ended.Progress.Steps, ended.Attempts, ended.HyperParameters["steps"]).ShouldBe((5, 5, 1, "5"));
        var metrics = (await host.Client.ListJobMetricsAsync(new ListJobMetricsRequest { Id = job.Id })).Metrics;
        metrics.Select(point => (point.Step, point.Name)).ShouldBe(Enumerable.Range(1, 5).Select(step => ((long)step, "train_loss")));
        (await host.Client.ListCheckpointsAsync(new ListCheckpointsRequest { Id = job.Id })).Checkpoints.Select(checkpoint => checkpoint.Step).ShouldBe([1, 2, 3, 4, 5]);
        var card = JsonDocument.Parse((await host.Client.GetRunCardAsync(new GetRunCardRequest { Id = job.Id })).Json).RootElement;
        card.GetProperty("environment").GetProperty("trainer").GetString().ShouldBe("script");
        card.GetProperty("data")[0].GetProperty("sha256").GetString().ShouldBe(dataset.Sha256);
        (await host.Client.FilesAsync(job.Id)).ShouldBe(new Dictionary<string, string> { ["weights"] = ScriptTrainer.ExpectedHash(5) });
        (await host.Client.GetAdapterAsync(new GetAdapterRequest { Id = ended.Adapter })).Adapter.Job.ShouldBe(job.Id);
    }

    [Theory]
    [InlineData("echo '{\"type\":\"progress\",\"step\":-1}'", "PROTOCOL_BROKEN", "step is no whole number")]
    [InlineData("echo '{\"type\":\"metric\",\"step\":1,\"name\":\"x\",\"value\":\"y\"}'", "PROTOCOL_BROKEN", "value is no finite number")]
    [InlineData("echo '{\"type\":\"checkpoint\",\"step\":1,\"path\":\"../../x\"}'", "PROTOCOL_BROKEN", "relative path")]
    [InlineData("echo '{\"type\":\"result\"}'", "PROTOCOL_BROKEN", "in which there is no file")]
    [InlineData("echo '{ not json'", "PROTOCOL_BROKEN", "no JSON")]
    [InlineData("printf '%s\\n' '{\"type\":\"event\",\"message\":\"\\ud800\"}'", "PROTOCOL_BROKEN", "no JSON")]
    [InlineData("true", "PROTOCOL_BROKEN", "without a result")]
    [InlineData("head -c 2000000 /dev/zero", "PROTOCOL_BROKEN", "more than 1048576 bytes")]
    [InlineData("echo '{\"type\":\"failure\",\"code\":\"NO_GPU\",\"problem\":\"none\",\"remedy\":\"buy one\"}'", "NO_GPU", "none")]
    [InlineData("echo out of memory >&2; exit 9", "WORKER_DIED", "out of memory")]
    public async Task Job_OfABadScript_FailsWithTheReason(string script, string code, string problem)
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, [("FineTuneJobs:MaxWorkerDeaths", "2"), .. ScriptTrainer.Settings(script)]);
        var dataset = await host.UploadAsync(Examples.Chat());

        var ended = await host.Client.EndAsync((await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id))).Id);

        (ended.State, ended.Failure.Code).ShouldBe((JobState.Failed, code), ended.Failure.ToString());
        ended.Failure.Problem.ShouldContain(problem);
        ended.Failure.Remedy.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Job_WhoseWorkerDiedAfterTheLastValidation_KeepsItsLoss()
    {
        const string Script = """
            if [ -f checkpoints/1 ]; then
              echo '{"type":"progress","step":2,"steps":2,"loss":0.4}'
              echo done > adapter/weights
              echo '{"type":"result","folder":"adapter"}'
            else
              echo '{"type":"progress","step":1,"steps":2,"loss":0.6,"validation_loss":0.5}'
              echo 1 > checkpoints/1
              echo '{"type":"checkpoint","step":1,"path":"checkpoints/1"}'
              exit 9
            fi
            """;
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ScriptTrainer.Settings(Script));
        var dataset = await host.UploadAsync(Examples.Chat());

        var ended = await host.Client.EndAsync((await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id))).Id);

        ended.State.ShouldBe(JobState.Succeeded, ended.Failure?.ToString());
        (ended.Progress.Step, ended.Progress.ValidationLoss, ended.Attempts).ShouldBe((2, 0.5, 2));
    }

    [Fact]
    public async Task Job_OfAMissingProgram_FailsAndNamesIt()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ("FineTuneJobs:Commands:script:Executable", "no-such-program"));
        var dataset = await host.UploadAsync(Examples.Chat());

        var ended = await host.Client.EndAsync((await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id))).Id);

        ended.Failure.Code.ShouldBe("COMMAND_UNUSABLE");
        ended.Failure.Problem.ShouldContain("no-such-program");
    }
}
