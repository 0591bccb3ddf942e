using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Workers;

/// <summary>Workers and services that are killed, jobs that are cancelled and paused, and what is left of them.</summary>
public sealed class KilledWorkerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Worker_KilledAgainAndAgain_EndsAsUndisturbed()
    {
        const int Steps = 60;
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ScriptTrainer.Settings());
        var dataset = await host.UploadAsync(Examples.Chat());
        var job = await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id, Steps, napSeconds: 0.05));
        var random = new Random(6);
        var kills = 0;

        while (kills < 3)
        {
            var step = (await host.Client.GetAsync(job.Id)).Progress.Step;
            await TestTimeout.EventuallyAsync(async () => (await host.Client.GetAsync(job.Id)).Progress.Step > step, $"steps after {step}");
            await Task.Delay(random.Next(100));
            kills += JobProcesses.Worker(Folder(job)) is { } worker && JobProcesses.Kill(worker) ? 1 : 0;
        }

        var ended = await host.Client.EndAsync(job.Id);
        ended.State.ShouldBe(JobState.Succeeded, ended.Failure?.ToString());
        ended.Attempts.ShouldBe(kills + 1);
        (await host.Client.FilesAsync(job.Id))["weights"].ShouldBe(ScriptTrainer.ExpectedHash(Steps));
        var points = (await host.Client.ListJobMetricsAsync(new ListJobMetricsRequest { Id = job.Id })).Metrics;
        points.Select(point => point.Step).Order().ShouldBe(Enumerable.Range(1, Steps).Select(step => (long)step));
        JobProcesses.Of(Folder(job)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_OfAStubbornTrainer_LeavesNoProcessFileOrQueueEntry()
    {
        // It ignores its input, and a part of it leaves the tree.
        const string Stubborn = "trap '' TERM HUP; (setsid sleep 300 &) ; sleep 300 & echo '{\"type\":\"progress\",\"step\":1,\"steps\":9}'; sleep 300; sleep 300";
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ScriptTrainer.Settings(Stubborn));
        var dataset = await host.UploadAsync(Examples.Chat());
        var job = await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id));
        await TestTimeout.EventuallyAsync(async () => (await host.Client.GetAsync(job.Id)).Progress.Step == 1, "the job runs");
        JobProcesses.Of(Folder(job)).Count.ShouldBeGreaterThan(3);

        var cancelled = (await host.Client.CancelJobAsync(new CancelJobRequest { Id = job.Id })).Job;

        cancelled.State.ShouldBe(JobState.Cancelled);
        JobProcesses.Of(Folder(job)).ShouldBeEmpty();
        Directory.Exists(Folder(job)).ShouldBeFalse();
        (await host.Client.ListJobsAsync(new ListJobsRequest { State = JobState.Queued })).Jobs.ShouldBeEmpty();
        await host.Client.DeleteJobAsync(new DeleteJobRequest { Id = job.Id });
        (await host.Client.ListJobsAsync(new ListJobsRequest())).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pause_ThenResume_GoesOnFromItsCheckpoint()
    {
        const int Steps = 12;
        await using var host = await FineTuneHost.StartAsync(_folder.Path, [("FineTuneJobs:PauseTimeoutSeconds", "1"), .. ScriptTrainer.Settings()]);
        var dataset = await host.UploadAsync(Examples.Chat());
        var job = await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id, Steps, napSeconds: 0.2));
        await TestTimeout.EventuallyAsync(async () => (await host.Client.GetAsync(job.Id)).Progress.Step >= 2, "two steps");

        // The script hears no pause, so it is ended when its time is up.
        await host.Client.PauseJobAsync(new PauseJobRequest { Id = job.Id });
        await host.Client.WaitAsync(job.Id, JobState.Paused);
        JobProcesses.Of(Folder(job)).ShouldBeEmpty();
        await host.Client.ResumeJobAsync(new ResumeJobRequest { Id = job.Id });
        var ended = await host.Client.EndAsync(job.Id);

        ended.State.ShouldBe(JobState.Succeeded, ended.Failure?.ToString());
        ended.Attempts.ShouldBe(2);
        (await host.Client.FilesAsync(job.Id))["weights"].ShouldBe(ScriptTrainer.ExpectedHash(Steps));
    }

    [Fact]
    public async Task TwoServices_OnOneFolder_NeverRunOneJobTwice()
    {
        await using var one = await FineTuneHost.StartAsync(_folder.Path, [("FineTuneJobs:MaxRunningJobs", "2"), .. ScriptTrainer.Settings()]);
        await using var two = await FineTuneHost.StartAsync(_folder.Path, [("FineTuneJobs:MaxRunningJobs", "2"), .. ScriptTrainer.Settings()]);
        var dataset = await one.UploadAsync(Examples.Chat());
        var jobs = new List<Job>();
        for (var index = 0; index < 8; index++)
        {
            jobs.Add(await (index % 2 == 0 ? one : two).Client.CreateAsync(ScriptTrainer.Spec(dataset.Id, 3, napSeconds: 0.05)));
        }

        foreach (var job in jobs)
        {
            var ended = await one.Client.EndAsync(job.Id);
            (ended.State, ended.Attempts).ShouldBe((JobState.Succeeded, 1), string.Join(" | ", await one.Client.EventsAsync(job.Id)));
        }
    }

    [Fact]
    public async Task Service_Killed_ItsWorkerEnds_AndTheNextServiceGoesOn()
    {
        const int Steps = 15;
        using var first = await ServiceProcess.StartAsync(_folder.Path, ScriptTrainer.Settings());
        var dataset = await first.Client.UploadAsync(System.Text.Encoding.UTF8.GetBytes(Examples.Chat()));
        var job = await first.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id, Steps, napSeconds: 0.1));
        await TestTimeout.EventuallyAsync(async () => (await first.Client.GetAsync(job.Id)).Progress.Step >= 3, "three steps");

        first.Kill();
        await TestTimeout.EventuallyAsync(() => Task.FromResult(JobProcesses.Of(Folder(job)).Count == 0), "the worker has ended with its service");
        await using var second = await FineTuneHost.StartAsync(_folder.Path, ScriptTrainer.Settings());
        var ended = await second.Client.EndAsync(job.Id);

        (ended.State, ended.Attempts).ShouldBe((JobState.Succeeded, 2), ended.Failure?.ToString());
        (await second.Client.FilesAsync(job.Id))["weights"].ShouldBe(ScriptTrainer.ExpectedHash(Steps));
    }

    private string Folder(Job job) => Path.GetFullPath(_folder.File($"finetune/jobs/{job.Id}"));
}
