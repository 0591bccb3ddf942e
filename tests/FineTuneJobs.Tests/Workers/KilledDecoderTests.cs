using System.Diagnostics;
using System.Text;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Workers;

/// <summary>Real training by a built-in trainer, killed at random moments: the files at the end are the undisturbed run's, bit for bit.</summary>
public sealed class KilledDecoderTests : IDisposable
{
    private const int Epochs = 8;
    private const int KillsPerJob = 4;
    private const int Seed = 2026;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DecoderJobs_KilledAtRandomMoments_EndBitEqualToTheUndisturbedOne()
    {
        StoriesModel.Write(_folder.Path);
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ("FineTuneJobs:MaxWorkerDeaths", "100"), ("FineTuneJobs:Threads", "2"));
        var dataset = (await host.Client.UploadAsync(Encoding.UTF8.GetBytes(StoriesModel.Chats(120, Seed)))).Id;
        var watch = Stopwatch.StartNew();
        var (undisturbed, _) = await RunAsync(host, dataset);
        var duration = watch.Elapsed;
        var (plan, random, kills, jobs) = (new KillPlan(), new Random(Seed), 0, 0);

        while (kills < KillPlan.Kills)
        {
            jobs++;
            var begun = watch.Elapsed;
            var wanted = Math.Min(KillsPerJob, KillPlan.Kills - kills);
            var (files, done) = await RunAsync(host, dataset, wanted, async (id, worker, started) =>
            {
                var moment = TimeSpan.FromSeconds(random.NextDouble() * duration.TotalSeconds);
                while (Stopwatch.GetElapsedTime(started) < moment && JobProcesses.Worker(_folder.File($"finetune/jobs/{id}")) == worker)
                {
                    await Task.Delay(20);
                }

                var step = (await host.Client.GetAsync(id)).Progress.Step;
                if (!JobProcesses.Kill(worker))
                {
                    return false;
                }

                var checkpoints = (await host.Client.ListCheckpointsAsync(new ListCheckpointsRequest { Id = id })).Checkpoints;
                plan.Add(++kills, jobs, Stopwatch.GetElapsedTime(started), step, checkpoints.LastOrDefault()?.Step ?? 0);
                return true;
            });

            files.ShouldBe(undisturbed);
            // The machine may have been slower at the first run; moments are drawn from the fastest.
            duration = done.Attempts == 1 && watch.Elapsed - begun < duration ? watch.Elapsed - begun : duration;
            done.Attempts.ShouldBeGreaterThanOrEqualTo(1);
            jobs.ShouldBeLessThan(10 * KillPlan.Kills);
        }

        plan.Write($"{kills} kills in {jobs} jobs; each job ended with the undisturbed run's files: {string.Join(", ", undisturbed.Keys)}. An undisturbed job took {duration.TotalSeconds:0.0} s.");
    }

    [Fact]
    public async Task DecoderJob_PausedAndResumed_EndsBitEqual_AndItsRunCardReproducesIt()
    {
        StoriesModel.Write(_folder.Path);
        await using var host = await FineTuneHost.StartAsync(_folder.Path);
        var dataset = (await host.Client.UploadAsync(Encoding.UTF8.GetBytes(StoriesModel.Chats(60, Seed)))).Id;
        var (undisturbed, ended) = await RunAsync(host, dataset);

        var job = await host.Client.CreateAsync(ended.Spec);
        await TestTimeout.EventuallyAsync(async () => (await host.Client.GetAsync(job.Id)).Progress.Step > 0, "a step");
        await host.Client.PauseJobAsync(new PauseJobRequest { Id = job.Id });
        if ((await host.Client.WaitAsync(job.Id, JobState.Paused, JobState.Succeeded)).State is JobState.Paused)
        {
            JobProcesses.Of(_folder.File($"finetune/jobs/{job.Id}")).ShouldBeEmpty();
            await host.Client.ResumeJobAsync(new ResumeJobRequest { Id = job.Id });
        }

        (await host.Client.EndAsync(job.Id)).State.ShouldBe(JobState.Succeeded);
        (await host.Client.FilesAsync(job.Id)).ShouldBe(undisturbed);
        ended.HyperParameters["epochs"].ShouldBe($"{Epochs}");
        (await host.Client.GetAdapterAsync(new GetAdapterRequest { Id = ended.Adapter })).Rows.Select(row => row.System).ShouldBe(["adapter", "base"]);
    }

    private async Task<(IReadOnlyDictionary<string, string> Files, Job Job)> RunAsync(FineTuneHost host, string dataset, int kills = 0, Func<string, int, long, Task<bool>>? kill = null)
    {
        var job = await host.Client.CreateAsync(StoriesModel.Spec(dataset, Epochs));
        for (var (killed, last) = (0, 0); killed < kills && (await host.Client.GetAsync(job.Id)).State is not (JobState.Succeeded or JobState.Failed);)
        {
            if (JobProcesses.Worker(_folder.File($"finetune/jobs/{job.Id}")) is not { } worker || worker == last)
            {
                await Task.Delay(20);
                continue;
            }

            last = worker;
            killed += await kill!(job.Id, worker, Stopwatch.GetTimestamp()) ? 1 : 0;
        }

        var ended = await host.Client.EndAsync(job.Id);
        ended.State.ShouldBe(JobState.Succeeded, ended.Failure?.ToString());
        // Latencies are measured, so chat.json and the weights are compared, and nothing that tells of time.
        return (await host.Client.FilesAsync(job.Id), ended);
    }
}
