using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Workers.Processes;
using RagPlatform.FineTuneJobs.Workers.Protocol;

namespace RagPlatform.FineTuneJobs.Workers;

/// <summary>Passes on what a worker writes, and remembers how it said that it ended.</summary>
internal sealed class ReceivedLines(JobRun run)
{
    /// <summary>Null while it has not said so.</summary>
    public JobEnd? End { get; private set; }

    /// <exception cref="ProtocolException">A line that is not allowed, or a result that is not there.</exception>
    public async Task ReadAsync(WorkerProcess worker)
    {
        await foreach (var line in worker.ReadAsync())
        {
            Take(line);
        }
    }

    private void Take(TrainerLine line)
    {
        switch (line)
        {
            case TrainerLine.Progress progress:
                run.Progress.Progressed(progress.Value);
                break;
            case TrainerLine.Metric metric:
                run.Progress.Measured(metric.Step, metric.Name, metric.Value);
                break;
            case TrainerLine.Event said:
                run.Progress.Said(said.Level, said.Message);
                break;
            case TrainerLine.Checkpoint checkpoint:
                // A trainer that keeps the last few may have dropped it before its line is read.
                if (BytesOf(checkpoint.Path) is { } bytes)
                {
                    run.Progress.Kept(new JobCheckpoint(checkpoint.Step, default, checkpoint.ValidationLoss, checkpoint.IsBest, bytes, checkpoint.Path));
                }

                break;
            case TrainerLine.Used used:
                run.Progress.Used(used.Facts);
                Resolve(used.HyperParameters);
                break;
            case TrainerLine.Paused:
                End = new JobEnd.Paused();
                break;
            case TrainerLine.Failure failure:
                End = new JobEnd.Failed(failure.Value);
                break;
            case TrainerLine.Result result:
                Resolve(result.HyperParameters);
                End = Finish(result);
                break;
        }
    }

    private JobEnd.Succeeded Finish(TrainerLine.Result result)
    {
        var folder = Path.Combine(run.Folder, result.Folder);
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any()
            ? new JobEnd.Succeeded(folder, "", result.Rows)
            : throw new ProtocolException($"the result names the folder '{result.Folder}', in which there is no file.");
    }

    private void Resolve(IReadOnlyDictionary<string, string>? hyperParameters)
    {
        if (hyperParameters is not null)
        {
            run.Progress.Resolved(hyperParameters);
        }
    }

    /// <summary>Null when there is nothing.</summary>
    private long? BytesOf(string path)
    {
        try
        {
            var full = Path.Combine(run.Folder, path);
            return File.Exists(full) ? new FileInfo(full).Length
                : Directory.Exists(full) ? new DirectoryInfo(full).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
