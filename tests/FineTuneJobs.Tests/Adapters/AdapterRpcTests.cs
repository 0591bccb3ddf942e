using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;
using DatasetUse = RagPlatform.FineTuneJobs.Jobs.DatasetUse;
using Job = RagPlatform.FineTuneJobs.Jobs.Job;
using JobProgress = RagPlatform.FineTuneJobs.Jobs.JobProgress;
using JobSpec = RagPlatform.FineTuneJobs.Jobs.JobSpec;
using JobState = RagPlatform.FineTuneJobs.Jobs.JobState;
using TrainingMethod = RagPlatform.FineTuneJobs.Jobs.TrainingMethod;

namespace RagPlatform.FineTuneJobs.Tests.Adapters;

/// <summary>Adapters as callers meet them: over gRPC, made of what jobs hand over, with models that are fakes.</summary>
public sealed class AdapterRpcTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private TestServer _server = null!;
    private int _jobs;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(
        builder =>
        {
            builder.Configuration.AddInMemoryCollection([new("Data:Directory", _folder.Path), new("FineTuneJobs:MaxRunningJobs", "0")]);
            builder.AddFineTuneJobs();
            builder.Services.RemoveAll<IServedModelLoader>();
            builder.Services.AddSingleton<IServedModelLoader>(new FakeLoader());
        },
        app => app.MapFineTuneJobs());

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private FineTuneJobsService.FineTuneJobsServiceClient Client => new(_server.Channel);

    [Fact]
    public async Task Adapter_FromAJob_IsPromotedAsksAndRolledBack()
    {
        var (first, second) = (await TakeAsync(leaks: 0), await TakeAsync(leaks: 0));

        (await Client.PromoteAdapterAsync(new() { Id = first, Reason = "the first" }, Headers())).Adapter.State.ShouldBe(Protos.FineTune.V1.AdapterState.Promoted);
        (await Client.PromoteAdapterAsync(new() { Id = second, Reason = "better" }, Headers())).Replaced.ShouldBe(first);
        var answer = await Client.PredictAsync(new() { Adapter = "support/intents", Texts = { "one", "odd two" } }, Headers());
        (await Client.RollBackAdapterAsync(new() { Name = "support/intents", Reason = "worse" }, Headers())).Adapter.Id.ShouldBe(first);

        (answer.Adapter, answer.Predictions.Count, answer.Predictions[1].IsOutOfScope).ShouldBe((second, 2, true));
        var changes = (await Client.ListAdapterChangesAsync(new() { Name = "support/intents", PageSize = 2 }, Headers())).Changes;
        changes.Select(change => (change.Change, change.By)).ShouldBe([("rolled_back", "key-7"), ("replaced", "key-7")]);
        changes[0].Reason.ShouldBe("worse");
        (await Client.GetDriftAsync(new() { Adapter = second }, Headers())).Predictions.ShouldBe(2);
    }

    [Fact]
    public async Task Promote_AdapterWhoseTestFileWasTrainedOn_IsFailedPreconditionThatNamesIt()
    {
        var leaked = await TakeAsync(leaks: 15);

        var failure = await Should.ThrowAsync<RpcException>(async () => await Client.PromoteAdapterAsync(new() { Id = leaked }, Headers()));

        failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        failure.Status.Detail.ShouldContain("max_leaked_share: 15 of 30 held-out examples");
        var adapter = (await Client.GetAdapterAsync(new() { Id = leaked }, Headers())).Adapter;
        adapter.State.ShouldBe(Protos.FineTune.V1.AdapterState.Candidate);
        adapter.Gate.Checks.Single(check => !check.Passed).Name.ShouldBe("max_leaked_share");
    }

    [Fact]
    public async Task Promote_AdapterThatAnswersEverything_IsFailedPreconditionThatNamesIt()
    {
        var everything = await TakeAsync(leaks: 0, refuses: false);

        var failure = await Should.ThrowAsync<RpcException>(async () => await Client.PromoteAdapterAsync(new() { Id = everything }, Headers()));

        (failure.StatusCode, failure.Status.Detail.Contains("min_refusal_kept", StringComparison.Ordinal)).ShouldBe((StatusCode.FailedPrecondition, true));
    }

    [Fact]
    public async Task Gate_IsOfItsTenantAndProject()
    {
        await Client.SetGateAsync(new() { Gate = new Gate { Project = "support", Limits = { ["max_ece"] = 0.01 } } }, Headers());

        (await Client.GetGateAsync(new() { Project = "support" }, Headers())).Gate.Limits["max_ece"].ShouldBe(0.01);
        (await Client.GetGateAsync(new(), Headers())).Gate.Limits["max_ece"].ShouldBe(0.15);
        (await Client.GetGateAsync(new() { Project = "support" }, Headers("other"))).Gate.Limits["max_ece"].ShouldBe(0.15);
    }

    [Fact]
    public async Task Evaluate_OnAnotherDataset_MeasuresAndChangesNothing()
    {
        var adapter = await TakeAsync(leaks: 0);
        var dataset = await UploadAsync(Examples.Chat(24, "elsewhere"));

        var evaluated = await Client.EvaluateAdapterAsync(new() { Id = adapter, Dataset = dataset }, Headers());

        evaluated.Rows.ShouldHaveSingleItem().Metrics["exact_match"].ShouldBe(0, "the fake knows no answer");
        evaluated.Rows[0].Metrics["examples"].ShouldBe(24);
        evaluated.Gate.Passed.ShouldBeFalse();
        (await Client.GetAdapterAsync(new() { Id = adapter }, Headers())).Adapter.State.ShouldBe(Protos.FineTune.V1.AdapterState.Promotable);
    }

    [Fact]
    public async Task List_InPages_GivesEachOnce()
    {
        for (var made = 0; made < 5; made++)
        {
            await TakeAsync(leaks: 0);
        }

        var (seen, token) = (new List<string>(), "");
        do
        {
            var page = await Client.ListAdaptersAsync(new() { PageSize = 2, PageToken = token }, Headers());
            seen.AddRange(page.Adapters.Select(adapter => adapter.Id));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        seen.Distinct().Count().ShouldBe(5);
        (await Client.ListAdaptersAsync(new(), Headers("other"))).Adapters.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnyCall_WithoutATenant_IsRefused() =>
        (await Should.ThrowAsync<RpcException>(async () => await Client.PredictAsync(new() { Adapter = "support/intents", Texts = { "text" } }))).StatusCode.ShouldBe(StatusCode.PermissionDenied);

    private static Metadata Headers(string tenant = "default") => new() { { "rag-tenant", tenant }, { "rag-caller", "key-7" } };

    private async Task<string> UploadAsync(string content)
    {
        using var call = Client.UploadDataset(Headers());
        await call.RequestStream.WriteAsync(new UploadDatasetRequest { Header = new DatasetHeader { Name = "examples" } });
        await call.RequestStream.WriteAsync(new UploadDatasetRequest { Content = Google.Protobuf.ByteString.CopyFromUtf8(content) });
        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync.WithTimeout("the upload")).Dataset.Id;
    }

    /// <summary>What a job hands over: trained on a file, judged on another, of which so many examples are in the first too.</summary>
    private async Task<string> TakeAsync(int leaks, bool refuses = true)
    {
        var job = $"ftjob-rpc{++_jobs}";
        var training = Lines(0, 60);
        var test = Lines(0, leaks) + Lines(1000, 30 - leaks);
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "finetune", "made", job)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, FakeLoader.File), refuses ? "0.9 refuses" : "0.9 answers");
        var made = new Job
        {
            Id = job, Tenant = "default", State = JobState.Running, CreatedAt = DateTimeOffset.UnixEpoch, Progress = new JobProgress(), HyperParameters = new Dictionary<string, string>(),
            Spec = new JobSpec
            {
                Method = TrainingMethod.Specialist, Project = "support", Suffix = "intents", BaseModel = "base",
                Data = new DatasetUse { Training = await UploadAsync(training), Test = await UploadAsync(test) },
            },
        };
        return await _server.Services.GetRequiredService<ITrainedAdapters>().TakeAsync(new TrainedAdapter(made, folder, "", AdapterHost.Rows(0.95)), CancellationToken.None).WithTimeout("the taking");
    }

    /// <summary>Sentences that are unlike each other.</summary>
    private static string Lines(int from, int count)
    {
        string[] words = ["river", "candle", "engine", "meadow", "violin", "harbour", "pepper", "ladder", "window", "marble", "saddle", "thunder", "walnut", "copper", "feather", "island", "kettle", "lantern", "orchard"];
        return string.Concat(Enumerable.Range(from, count).Select(line =>
        {
            var random = new Random(line);
            var text = string.Join(' ', Enumerable.Range(0, 9).Select(_ => words[random.Next(words.Length)] + random.Next(1000)));
            return $$"""{"messages":[{"role":"user","content":"{{text}}"},{"role":"assistant","content":"{\"intent\":\"{{(line % 2 == 0 ? "a" : "b")}}\"}"}]}""" + "\n";
        }));
    }
}
