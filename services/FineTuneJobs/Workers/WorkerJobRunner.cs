using System.ComponentModel;
using Grpc.Core;
using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Workers.BuiltIn;
using RagPlatform.FineTuneJobs.Workers.Processes;
using RagPlatform.FineTuneJobs.Workers.Protocol;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Workers;

/// <summary>Trains in a child process of this program: by a built-in trainer, or by an external program below it.</summary>
public sealed class WorkerJobRunner(
    WorkerCommand command, DatasetStore datasets, BaseModels models, CollectionPassagesClient passages, JobCatalog catalog, IOptions<FineTuneJobsOptions> options, TimeProvider time) : IJobRunner
{
    private static readonly TimeSpan WishInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);

    public bool Offers(TrainingMethod method) => method is TrainingMethod.Command ? options.Value.Commands.Count > 0 : BuiltInTrainers.Find(method) is not null;

    public IReadOnlyList<HyperParameter>? HyperParameters(TrainingMethod method) => BuiltInTrainers.Find(method)?.HyperParameters;

    public async Task<JobEnd> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        Directory.CreateDirectory(run.Folder);
        Leftovers.End(run.Folder);
        if (Prepare(run, out var memory, out var environment) is { } failure)
        {
            return new JobEnd.Failed(failure);
        }

        try
        {
            if (await ReadCollectionAsync(run, cancellationToken) is { } empty)
            {
                return new JobEnd.Failed(empty);
            }

            return await RunAsync(run, WorkerProcess.Start(command.ToStartInfo(run.Folder, memory, environment)), cancellationToken);
        }
        catch (Win32Exception exception)
        {
            return new JobEnd.Died($"it could not be started: {exception.Message}");
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new JobEnd.Died($"the passages of the collection {run.Job.Spec.Collection} could not be read: {exception.Status.Detail}");
        }
        finally
        {
            Leftovers.End(run.Folder);
        }
    }

    private async Task<JobFailure?> ReadCollectionAsync(JobRun run, CancellationToken cancellationToken) =>
        run.Job.Spec is { Collection.Length: > 0, Method: TrainingMethod.Retriever or TrainingMethod.Reranker } spec
            ? await passages.WriteAsync(run.Job.Tenant, spec.Collection, run.Folder, message => run.Progress.Said("warn", message), cancellationToken)
            : null;

    private async Task<JobEnd> RunAsync(JobRun run, WorkerProcess worker, CancellationToken cancellationToken)
    {
        var reading = Task.CompletedTask;
        try
        {
            var lines = new ReceivedLines(run);
            reading = lines.ReadAsync(worker);
            await ObeyAsync(run, worker, reading, cancellationToken);
            await reading;
            return run.Progress.Wish is JobWish.Cancel ? new JobEnd.Cancelled() : lines.End ?? await DescribeAsync(worker);
        }
        catch (ProtocolException exception)
        {
            return new JobEnd.Failed(JobFailures.ProtocolBroken(exception.Message));
        }
        catch (WishOverdueException overdue)
        {
            return overdue.Wish is JobWish.Cancel ? new JobEnd.Cancelled() : new JobEnd.Paused();
        }
        finally
        {
            worker.Dispose();
            // It ends with the process's pipes; what it says then is of no interest.
            await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Until the worker closes its output: tells it what the job is to become, and ends the wait when it takes too long over that.</summary>
    private async Task ObeyAsync(JobRun run, WorkerProcess worker, Task reading, CancellationToken cancellationToken)
    {
        var (told, since) = (JobWish.None, 0L);
        while (await Task.WhenAny(reading, Task.Delay(WishInterval, time, cancellationToken)) != reading)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (run.Progress.Wish is var wish && wish != JobWish.None && wish != told)
            {
                (told, since) = (wish, time.GetTimestamp());
                await worker.TellAsync(wish is JobWish.Pause ? "pause" : "cancel");
            }

            if (told is not JobWish.None && time.GetElapsedTime(since) > (told is JobWish.Pause ? TimeSpan.FromSeconds(options.Value.PauseTimeoutSeconds) : CancelPatience))
            {
                throw new WishOverdueException(told);
            }
        }
    }

    private static async Task<JobEnd> DescribeAsync(WorkerProcess worker)
    {
        var (exitCode, description) = await worker.DescribeEndAsync();
        return exitCode == 0 ? new JobEnd.Failed(JobFailures.ProtocolBroken($"it ended well ({description}) without a result, a failure or a pause.")) : new JobEnd.Died(description);
    }

    /// <summary>Writes the worker's order.</summary>
    /// <returns>Why there can be no worker; null when there can.</returns>
    private JobFailure? Prepare(JobRun run, out int memoryMebibytes, out IReadOnlyDictionary<string, string> environment)
    {
        (memoryMebibytes, environment) = (options.Value.WorkerMemoryMebibytes, new Dictionary<string, string>());
        var spec = run.Job.Spec;
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, _, id) in spec.Data.Files())
        {
            if (datasets.Find(run.Job.Tenant, id) is not { } dataset)
            {
                return JobFailures.DatasetMissing(id);
            }

            files[file] = datasets.PathOf(run.Job.Tenant, dataset);
        }

        ExternalProgram? program = null;
        if (spec.Method is TrainingMethod.Command)
        {
            if (!options.Value.Commands.TryGetValue(spec.Command, out var configured))
            {
                return JobFailures.CommandUnusable($"FineTuneJobs:Commands:{spec.Command} is not configured any more.");
            }

            program = new ExternalProgram(spec.Command, configured.Executable, [.. configured.Arguments], configured.TimeLimitMinutes);
            environment = configured.InheritedEnvironment.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(variable => variable.Value is not null)
                .Select(variable => KeyValuePair.Create(variable.Name, variable.Value!)).Concat(configured.Environment).GroupBy(variable => variable.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
        }

        var model = models.Find(spec.BaseModel);
        if (model is null && program is null)
        {
            return JobFailures.ModelMissing(spec.BaseModel);
        }

        new WorkerOrder
        {
            JobId = run.Job.Id,
            Spec = spec,
            BaseModelFolder = model?.Path ?? "",
            Files = files,
            // Results are equal to the bit only with as many threads as before.
            Threads = WorkerOrder.TryRead(run.Folder)?.Threads ?? options.Value.Threads,
            Program = program,
            ResumeFrom = catalog.Checkpoints(run.Job.Id).LastOrDefault(checkpoint => Path.Exists(Path.Combine(run.Folder, checkpoint.Path)))?.Path,
        }.Write(run.Folder);
        return null;
    }

    private sealed class WishOverdueException(JobWish wish) : Exception
    {
        public JobWish Wish => wish;
    }
}
