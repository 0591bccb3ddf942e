using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>
/// Hands a job to OpenAI and follows it there: files, the job, its events, metrics and checkpoints, until it is over. What
/// was asked for is kept before it is, and looked for there before it is asked for again, so that a service that ends at any
/// moment goes on where it was, and pays for no job twice.
/// </summary>
internal sealed partial class OpenAiJobRunner(
    OpenAiClient client, RemoteRuns runs, ReadJobExamples read, IOptions<OpenAiOptions> options, TimeProvider time, ILogger<OpenAiJobRunner> logger) : IJobRunner
{
    private static readonly TimeSpan WishInterval = TimeSpan.FromMilliseconds(500);

    public bool Offers(TrainingMethod method) => method is TrainingMethod.OpenAI && options.Value.ApiKey.Length > 0;

    public IReadOnlyList<HyperParameter>? HyperParameters(TrainingMethod method) => OpenAiRequest.HyperParameters;

    public async Task<JobEnd> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            var known = await runs.BeginAsync(run.Job.Tenant, run.Job.Id, cancellationToken);
            known = await StartAsync(run, known, cancellationToken);
            var end = known.RemoteJob is not null ? await FollowAsync(run, known, cancellationToken)
                : run.Progress.Wish is JobWish.Pause ? (JobEnd)new JobEnd.Paused()
                : new JobEnd.Cancelled();
            if (end is not JobEnd.Paused)
            {
                await LeaveAsync(known, cancellationToken);
            }

            return end;
        }
        catch (OpenAiException failure) when (!failure.IsTransient)
        {
            LogRefused(logger, run.Job.Id, failure.Status, failure.Message);
            return new JobEnd.Failed(failure.ToFailure());
        }
        catch (OpenAiException failure)
        {
            return new JobEnd.Died(failure.Message);
        }
        catch (FileNotFoundException missing)
        {
            return new JobEnd.Failed(new JobFailure("DATASET_MISSING", missing.Message, "Upload it again and make a new job."));
        }
    }

    /// <summary>Uploads the files and makes the job, as far as that was not done; without the job where it is not wanted any more.</summary>
    private async Task<RemoteRun> StartAsync(JobRun run, RemoteRun known, CancellationToken cancellationToken)
    {
        if (known.RemoteJob is not null)
        {
            run.Progress.Said("info", $"Goes on with OpenAI's job {known.RemoteJob}.");
            return known;
        }

        var job = run.Job;
        var parts = await Task.Run(() => read(job, cancellationToken).Parts, cancellationToken);
        var isAgain = job.Attempts > 1;
        if (known.TrainingFile is null)
        {
            run.Progress.Progressed(new JobProgress { Phase = "loading" });
            known = known with { TrainingFile = await UploadAsync(job, "training", parts.Training, isAgain, cancellationToken) };
            await runs.SaveAsync(known, cancellationToken);
            run.Progress.Said("info", $"{parts.Training.Count} training examples were sent to OpenAI as {known.TrainingFile}.");
        }

        if (known.ValidationFile is null && parts.Validation.Count > 0)
        {
            known = known with { ValidationFile = await UploadAsync(job, "validation", parts.Validation, isAgain, cancellationToken) };
            await runs.SaveAsync(known, cancellationToken);
        }

        if (run.Progress.Wish is not JobWish.None && known.AskedAt is null)
        {
            return known;
        }

        var since = known.Asked;
        known = known with { AskedAt = known.AskedAt ?? time.GetUtcNow().ToUnixTimeMilliseconds() };
        await runs.SaveAsync(known, cancellationToken);
        var model = job.Spec.BaseModel.Length > 0 ? job.Spec.BaseModel : options.Value.Model;
        var made = await client.CreateAsync(job.Id, OpenAiRequest.Write(job, model, known.TrainingFile!, known.ValidationFile), since, cancellationToken);
        known = known with { RemoteJob = made.Id };
        // Whatever stops the service now, the job there is known here.
        await runs.SaveAsync(known, CancellationToken.None);
        run.Progress.Said("info", $"OpenAI's job is {made.Id}.");
        return known;
    }

    private Task<string> UploadAsync(Job job, string part, IReadOnlyList<FineTuning.Datasets.TrainingExample> examples, bool mayBeThere, CancellationToken cancellationToken) =>
        client.UploadAsync(
            $"{job.Id}-{part}.jsonl",
            () =>
            {
                var stream = new MemoryStream();
                OpenAiTrainingFile.Write(examples, stream);
                stream.Position = 0;
                return stream;
            },
            mayBeThere, cancellationToken);

    private async Task<JobEnd> FollowAsync(JobRun run, RemoteRun known, CancellationToken cancellationToken)
    {
        var report = new OpenAiReport(run.Progress, time);
        var (wasToldOfOutage, obeyed) = (false, JobWish.None);
        while (true)
        {
            try
            {
                var (job, events) = await client.LookAsync(known.RemoteJob!, known.LastEvent, cancellationToken);
                known = await TellAsync(report, job, events, known, cancellationToken);
                if (await EndOfAsync(report, job, cancellationToken) is { } end)
                {
                    return end;
                }

                if (job.Status == "paused" && run.Progress.Wish is JobWish.Pause)
                {
                    return new JobEnd.Paused();
                }

                obeyed = await ObeyAsync(run.Progress.Wish, obeyed, job, cancellationToken);
                wasToldOfOutage = false;
            }
            catch (OpenAiException failure) when (failure.IsTransient)
            {
                // It trains there all the same.
                if (!wasToldOfOutage)
                {
                    run.Progress.Said("warn", $"OpenAI cannot be asked for the job at the moment; it is tried again. {failure.Message}");
                    wasToldOfOutage = true;
                }
            }

            await WaitAsync(run.Progress, obeyed, cancellationToken);
        }
    }

    private async Task<RemoteRun> TellAsync(OpenAiReport report, RemoteJob job, List<RemoteEvent> events, RemoteRun known, CancellationToken cancellationToken)
    {
        report.Tell(job, events);
        if (events.Count == 0)
        {
            return known;
        }

        known = known with { LastEvent = events[^1].Id };
        await runs.SaveAsync(known, cancellationToken);
        return known;
    }

    private async Task<JobEnd?> EndOfAsync(OpenAiReport report, RemoteJob job, CancellationToken cancellationToken)
    {
        switch (job.Status)
        {
            case "succeeded" when job.Model.Length > 0:
                var checkpoints = await client.CheckpointsAsync(job.Id, cancellationToken);
                report.Tell(checkpoints);
                return new JobEnd.Succeeded("", job.Model, OpenAiReport.Rows(checkpoints));
            case "succeeded":
                return new JobEnd.Failed(new JobFailure("OPENAI_NO_MODEL", $"OpenAI's job {job.Id} succeeded and names no model.", "Look at the job there; then make a new one."));
            case "failed":
                var (code, message) = job.Error is { } error ? (error.Code, error.Message) : ("", "it gave no reason.");
                return new JobEnd.Failed(new JobFailure(
                    "OPENAI_JOB_FAILED", $"OpenAI's job {job.Id} failed{(code.Length > 0 ? $" ({code}{(job.Error!.Parameter.Length > 0 ? $", {job.Error.Parameter}" : "")})" : "")}: {message}",
                    "Mend what it names in the data or the settings, then make a new job."));
            case "cancelled":
                return new JobEnd.Cancelled();
            default:
                return null;
        }
    }

    /// <returns>The wish that was passed on, or none.</returns>
    private async Task<JobWish> ObeyAsync(JobWish wish, JobWish obeyed, RemoteJob job, CancellationToken cancellationToken)
    {
        if (wish is JobWish.None && job.Status == "paused")
        {
            await client.ResumeAsync(job.Id, cancellationToken);
            return JobWish.None;
        }

        if (wish == obeyed || wish is JobWish.None)
        {
            return wish;
        }

        try
        {
            await (wish is JobWish.Cancel ? client.CancelAsync(job.Id, cancellationToken) : client.PauseAsync(job.Id, cancellationToken));
        }
        catch (OpenAiException failure) when (!failure.IsTransient && failure.Status is 400)
        {
            // It was over, or not yet running, by the time it was asked: the next look tells, and asks again.
            return JobWish.None;
        }

        return wish;
    }

    /// <summary>Till the next look is due, or a new wish is there.</summary>
    private async Task WaitAsync(IJobProgress progress, JobWish obeyed, CancellationToken cancellationToken)
    {
        var interval = TimeSpan.FromMilliseconds(options.Value.PollMilliseconds);
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) is var elapsed && elapsed < interval;)
        {
            await Task.Delay(interval - elapsed < WishInterval ? interval - elapsed : WishInterval, time, cancellationToken);
            if (progress.Wish != obeyed && progress.Wish is not JobWish.None)
            {
                return;
            }
        }
    }

    /// <summary>
    /// The job is over there: its files go. What is known of it stays until our job is over, too, so that an end that is not
    /// written here is found there again, and not paid for again; RemoteRunsService forgets it then.
    /// </summary>
    private async Task LeaveAsync(RemoteRun known, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var file in options.Value.KeepFiles ? [] : new[] { known.TrainingFile, known.ValidationFile }.OfType<string>())
            {
                await client.DeleteFileAsync(file, cancellationToken);
            }
        }
        catch (OpenAiException failure)
        {
            LogFilesLeft(logger, known.Job, known.TrainingFile ?? "", known.ValidationFile ?? "", failure.Message);
        }
    }

    [LoggerMessage(EventId = 50, Level = LogLevel.Warning, Message = "OpenAI refused {JobId} with HTTP status {Status}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string jobId, int status, string reason);

    [LoggerMessage(EventId = 51, Level = LogLevel.Warning, Message = "The files of {JobId} stay at OpenAI for now ({TrainingFile}, {ValidationFile}): {Reason}")]
    private static partial void LogFilesLeft(ILogger logger, string jobId, string trainingFile, string validationFile, string reason);
}
