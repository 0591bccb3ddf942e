using Dapper;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Scheduling;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Scheduling;

/// <summary>How a run's end is written: with a runner of the test's, whose job this process has taken.</summary>
public sealed class RunEndTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private FineTuneHost _host = null!;
    private Job _job = null!;

    private JobWriter Writer => _host.Services.GetRequiredService<JobWriter>();

    private JobQueue Queue => _host.Services.GetRequiredService<JobQueue>();

    private Job Now => _host.Services.GetRequiredService<JobCatalog>().Find("default", _job.Id)!;

    public async Task InitializeAsync()
    {
        _host = await FineTuneHost.StartAsync(_folder.Path, [("FineTuneJobs:MaxRunningJobs", "0"), .. ScriptTrainer.Settings()]);
        var made = await _host.Client.CreateAsync(ScriptTrainer.Spec((await _host.UploadAsync(Examples.Chat())).Id));
        await _host.Client.WaitAsync(made.Id, Protos.FineTune.V1.JobState.Queued);
        _job = (await Queue.TakeAsync(CancellationToken.None).WithTimeout("the taking"))!;
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Paused_WhenACancellationCameMeanwhile_IsCancelled()
    {
        await RunAsync(async _ =>
        {
            await Writer.PauseAsync("default", _job.Id, CancellationToken.None);
            await Writer.CancelAsync("default", _job.Id, CancellationToken.None);
            return new JobEnd.Paused();
        });

        Now.State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task PauseAsync_WhenTheWishHasChanged_LeavesTheJobRunning()
    {
        var running = _host.Services.GetRequiredService<RunningJobs>();
        await Writer.PauseAsync("default", _job.Id, CancellationToken.None);
        await Writer.ResumeAsync("default", _job.Id, CancellationToken.None);

        (await running.PauseAsync(_job.Id, CancellationToken.None)).ShouldBeFalse();

        Now.State.ShouldBe(JobState.Running);
        await Writer.PauseAsync("default", _job.Id, CancellationToken.None);
        (await running.PauseAsync(_job.Id, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Run_OverItsTime_FailsWithThatReason()
    {
        await RegistryAsync("UPDATE jobs SET run_milliseconds = 1000000000");

        await RunAsync(async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return new JobEnd.Paused();
        });

        Now.Failure!.Code.ShouldBe("TIMED_OUT");
    }

    [Fact]
    public async Task Succeeded_WhileTheRegistryIsFull_IsNoFailure_AndIsTakenUpAgain()
    {
        var rows = new[] { new EvaluationRow("adapter", Enumerable.Range(0, 50_000).ToDictionary(index => $"a metric with a long name {index}", index => (double)index)) };
        var made = Directory.CreateDirectory(Path.Combine(_folder.Path, "made")).FullName;

        await Should.ThrowAsync<ServiceException>(() => RunAsync(async _ =>
        {
            await RegistryAsync("PRAGMA max_page_count = 1");
            return new JobEnd.Succeeded(made, "", rows);
        }));

        Now.State.ShouldBe(JobState.Running);
        (await Queue.TakeAsync(CancellationToken.None)).ShouldBeNull("it is still being run, as far as the queue knows");
        await RegistryAsync("PRAGMA max_page_count = 1073741823");
        Queue.GiveBack(_job.Id);
        (await Queue.TakeAsync(CancellationToken.None))!.Id.ShouldBe(_job.Id);
        await RunAsync(_ => Task.FromResult<JobEnd>(new JobEnd.Succeeded(made, "", rows)));
        Now.State.ShouldBe(JobState.Succeeded);
    }

    private Task<int> RegistryAsync(string sql) => _host.Services.GetRequiredService<RegistryDatabase>().WriteAsync(write => write.Connection.Execute(sql, transaction: write.Transaction), CancellationToken.None);

    private Task RunAsync(Func<CancellationToken, Task<JobEnd>> run)
    {
        IEnumerable<IJobRunner> runners = [new Runner(run)];
        return ActivatorUtilities.CreateInstance<JobSupervisor>(_host.Services, runners, new Adapters()).RunAsync(_job, CancellationToken.None).WithTimeout("the run");
    }

    private sealed class Runner(Func<CancellationToken, Task<JobEnd>> run) : IJobRunner
    {
        public bool Offers(TrainingMethod method) => true;

        public IReadOnlyList<HyperParameter>? HyperParameters(TrainingMethod method) => null;

        public Task<JobEnd> RunAsync(JobRun given, CancellationToken cancellationToken) => run(cancellationToken);
    }

    private sealed class Adapters : ITrainedAdapters
    {
        public Task<string> TakeAsync(TrainedAdapter adapter, CancellationToken cancellationToken) => Task.FromResult("adapter-of-the-test");
    }
}
