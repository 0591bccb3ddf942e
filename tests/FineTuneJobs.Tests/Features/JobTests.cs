using Grpc.Core;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Features;

/// <summary>Jobs in the registry and its queue; where nothing says otherwise, none is run.</summary>
public sealed class JobTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_WithTheSameRequestId_GivesTheSameJob_AlsoAfterARestart()
    {
        string dataset, job;
        await using (var host = await IdleAsync())
        {
            dataset = (await host.UploadAsync(Examples.Chat())).Id;
            job = (await host.Client.CreateAsync(ScriptTrainer.Spec(dataset), "request 1")).Id;
        }

        await using var again = await IdleAsync();
        (await again.Client.CreateAsync(ScriptTrainer.Spec(dataset), "request 1")).Id.ShouldBe(job);
        (await Calls.StatusAsync(() => again.Client.CreateAsync(ScriptTrainer.Spec(dataset, steps: 6), "request 1"))).ShouldBe(StatusCode.AlreadyExists);
        (await again.Client.CreateAsync(ScriptTrainer.Spec(dataset), "request 2")).Id.ShouldNotBe(job);
    }

    [Fact]
    public async Task Create_OfABadSpec_IsRefusedByField()
    {
        await using var host = await IdleAsync();
        var dataset = (await host.UploadAsync(Examples.Chat())).Id;
        (Action<JobSpec> Change, string Field)[] cases =
        [
            (spec => spec.Priority = 101, "spec.priority"),
            (spec => spec.Suffix = "NO", "spec.suffix"),
            (spec => spec.Project = "../x", "spec.project"),
            (spec => spec.Command = "other", "command"),
            (spec => spec.Data.TrainingDataset = "", "spec.data.training_dataset"),
            (spec => spec.Data.ValidationDataset = dataset, "spec.data"),
            (spec => spec.Data.Split = new DatasetSplit { ValidationShare = 0.6 }, "spec.data.split.validation_share"),
            (spec => spec.Method = (TrainingMethod)99, "spec.method"),
            (spec => spec.Metadata["x"] = new string('x', 600), "spec.metadata"),
        ];

        foreach (var (change, field) in cases)
        {
            var spec = ScriptTrainer.Spec(dataset);
            change(spec);
            (await Should.ThrowAsync<RpcException>(() => host.Client.CreateAsync(spec))).Status.Detail.ShouldContain(field);
        }

        (await host.Client.ListJobsAsync(new ListJobsRequest())).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task QueuedJobs_HavePlaces_TenantsInTurnAndPrioritiesWithinATenant()
    {
        await using var host = await IdleAsync();
        var dataset = (await host.UploadAsync(Examples.Chat())).Id;
        var other = host.For("other");
        var otherDataset = (await other.UploadAsync(System.Text.Encoding.UTF8.GetBytes(Examples.Chat()))).Id;
        var plain = await host.Client.CreateAsync(ScriptTrainer.Spec(dataset));
        var urgentSpec = ScriptTrainer.Spec(dataset);
        urgentSpec.Priority = 5;
        var urgent = await host.Client.CreateAsync(urgentSpec);
        var others = await other.CreateAsync(ScriptTrainer.Spec(otherDataset));
        foreach (var (client, id) in new[] { (host.Client, plain.Id), (host.Client, urgent.Id), (other, others.Id) })
        {
            await client.WaitAsync(id, JobState.Queued);
        }

        (await host.Client.GetAsync(urgent.Id)).QueuePosition.ShouldBe(1);
        (await other.GetAsync(others.Id)).QueuePosition.ShouldBe(2);
        (await host.Client.GetAsync(plain.Id)).QueuePosition.ShouldBe(3);
        (await Calls.StatusAsync(() => other.GetAsync(plain.Id))).ShouldBe(StatusCode.NotFound);
        (await Calls.StatusAsync(() => other.CancelJobAsync(new CancelJobRequest { Id = plain.Id }).ResponseAsync)).ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Control_FollowsTheTableOfStates()
    {
        await using var host = await IdleAsync();
        var dataset = (await host.UploadAsync(Examples.Chat())).Id;
        var job = await host.Client.CreateAsync(ScriptTrainer.Spec(dataset));
        await host.Client.WaitAsync(job.Id, JobState.Queued);

        (await Calls.StatusAsync(() => host.Client.DeleteJobAsync(new DeleteJobRequest { Id = job.Id }).ResponseAsync)).ShouldBe(StatusCode.FailedPrecondition);
        (await host.Client.PauseJobAsync(new PauseJobRequest { Id = job.Id })).Job.State.ShouldBe(JobState.Paused);
        (await host.Client.ResumeJobAsync(new ResumeJobRequest { Id = job.Id })).Job.State.ShouldBe(JobState.Queued);
        (await host.Client.CancelJobAsync(new CancelJobRequest { Id = job.Id })).Job.State.ShouldBe(JobState.Cancelled);
        (await host.Client.CancelJobAsync(new CancelJobRequest { Id = job.Id })).Job.State.ShouldBe(JobState.Cancelled);
        (await Calls.StatusAsync(() => host.Client.ResumeJobAsync(new ResumeJobRequest { Id = job.Id }).ResponseAsync)).ShouldBe(StatusCode.FailedPrecondition);
        (await Calls.StatusAsync(() => host.Client.PauseJobAsync(new PauseJobRequest { Id = job.Id }).ResponseAsync)).ShouldBe(StatusCode.FailedPrecondition);
        (await Calls.StatusAsync(() => host.Client.GetRunCardAsync(new GetRunCardRequest { Id = job.Id }).ResponseAsync)).ShouldBe(StatusCode.FailedPrecondition);
        await host.Client.DeleteJobAsync(new DeleteJobRequest { Id = job.Id });
        (await Calls.StatusAsync(() => host.Client.GetAsync(job.Id))).ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Watch_TellsEveryEventAndPointOnce_AndEndsWithTheJob()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ScriptTrainer.Settings());
        var job = await host.Client.CreateAsync(ScriptTrainer.Spec((await host.UploadAsync(Examples.Chat())).Id, steps: 8, napSeconds: 0.02));
        using var call = host.Client.WatchJob(new WatchJobRequest { Id = job.Id });
        var (events, points, states) = (new List<long>(), new List<MetricPoint>(), new List<JobState>());

        while (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout("the next update"))
        {
            events.AddRange(call.ResponseStream.Current.Events.Select(entry => entry.Sequence));
            points.AddRange(call.ResponseStream.Current.Metrics);
            states.Add(call.ResponseStream.Current.Job.State);
        }

        states[^1].ShouldBe(JobState.Succeeded);
        states.ShouldBe(states.Order());
        points.Select(point => point.Step).ShouldBe(Enumerable.Range(1, 8).Select(step => (long)step));
        events.ShouldBe(events.Distinct().Order());
        events.Concat(points.Select(point => point.Sequence)).Distinct().Count().ShouldBe(events.Count + points.Count);
        events.ShouldBe((await host.Client.ListJobEventsAsync(new ListJobEventsRequest { Id = job.Id })).Events.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task List_JobsThatDoNotFitIntoOneMessage_GivesEachOnce()
    {
        await using var host = await IdleAsync();
        var dataset = (await host.UploadAsync(Examples.Chat())).Id;
        var made = new List<string>();
        for (var index = 0; index < 48; index++)
        {
            var spec = ScriptTrainer.Spec(dataset);
            for (var parameter = 0; parameter < 190; parameter++)
            {
                spec.HyperParameters[$"{parameter}{new string('n', 900)}"] = new string('v', 1000);
            }

            made.Add((await host.Client.CreateAsync(spec)).Id);
        }

        var listed = new List<string>();
        for (var token = ""; listed.Count == 0 || token.Length > 0;)
        {
            var page = await host.Client.ListJobsAsync(new ListJobsRequest { PageToken = token });
            listed.AddRange(page.Jobs.Select(job => job.Id));
            token = page.NextPageToken;
        }

        listed.ShouldBe(made, ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"a":"x"}}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":1},"merges":[1,{}]}}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"model":7}""")]
    public async Task Validation_OverAModelWhoseTokenizerIsBroken_FailsTheJobAndGoesOnWithTheNext(string tokenizer)
    {
        await using var host = await IdleAsync();
        var model = Directory.CreateDirectory(_folder.File("models/odd")).FullName;
        File.WriteAllText(Path.Combine(model, "config.json"), """{"architectures":["BertModel"],"model_type":"bert","hidden_size":4}""");
        File.WriteAllText(Path.Combine(model, "tokenizer.json"), tokenizer);
        var dataset = (await host.UploadAsync(Examples.Chat())).Id;

        var broken = await host.Client.CreateAsync(new JobSpec { Method = TrainingMethod.Specialist, BaseModel = "odd", Data = new DatasetUse { TrainingDataset = dataset } });
        var next = await host.Client.CreateAsync(ScriptTrainer.Spec(dataset));

        (await host.Client.WaitAsync(broken.Id, JobState.Failed)).Failure.Code.ShouldNotBeEmpty();
        await host.Client.WaitAsync(next.Id, JobState.Queued);
    }

    private Task<FineTuneHost> IdleAsync() => FineTuneHost.StartAsync(_folder.Path, [("FineTuneJobs:MaxRunningJobs", "0"), .. ScriptTrainer.Settings()]);
}
