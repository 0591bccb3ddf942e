using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Workers.Protocol;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Workers.BuiltIn;

/// <summary>A worker that trains by one of our own methods.</summary>
internal static class BuiltInTraining
{
    public const string CheckpointFolder = "checkpoints";
    public const string OutputFolder = "adapter";

    /// <returns>The exit code.</returns>
    public static int Run(WorkerOrder order, string folder, WorkerControl control, TrainerOutput output)
    {
        try
        {
            Train(order, folder, control, output);
        }
        catch (TrainingException exception)
        {
            output.Failed(new JobFailure(exception.Code, exception.Problem, exception.Remedy));
        }
        catch (InvalidDataException exception)
        {
            output.Failed(new JobFailure("MODEL_UNSUITABLE", exception.Message, "Pull the model again, or take another one."));
        }
        catch (OutOfMemoryException)
        {
            output.Failed(new JobFailure(
                "OUT_OF_MEMORY", $"Training took more than the {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024 / 1024} MiB of memory that a worker may take.",
                "Take a smaller batch_size or model, or raise FineTuneJobs:WorkerMemoryMebibytes."));
        }
        catch (OperationCanceledException) when (control.Cancelled.IsCancellationRequested)
        {
            // Whoever cancelled knows.
        }

        return 0;
    }

    private static void Train(WorkerOrder order, string folder, WorkerControl control, TrainerOutput output)
    {
        var trainer = BuiltInTrainers.Find(order.Spec.Method) ?? throw new InvalidOperationException($"{order.Spec.Method} is not built in.");
        output.Progressed(new JobProgress { Phase = "loading" });
        var data = JobData.Read(order.Files, order.Spec.Data.Split, control.Cancelled);
        var model = new BaseModelFolder(order.Spec.BaseModel, order.BaseModelFolder);
        output.Used(RunFacts.Of(order, data, model));
        var result = Path.Combine(folder, OutputFolder);
        Renew(result);
        var observer = new ReportedTraining(control, output, TimeProvider.System);
        var outcome = trainer.Train(
            new TrainingRun(model, order.Spec.BaseModel, data, order.Spec.HyperParameters, order.Spec.Seed, order.Threads)
            {
                Checkpoints = new ReportedCheckpoints(new FolderCheckpointStore(Path.Combine(folder, CheckpointFolder)), output),
                Observer = observer,
                Corpus = CollectionPassagesClient.Read(folder),
                CreateFile = name => new FileStream(PathIn(result, name), FileMode.CreateNew, FileAccess.Write, FileShare.None),
            },
            control.Cancelled);
        observer.Complete();
        if (outcome.IsPaused)
        {
            output.Paused();
        }
        else
        {
            output.Succeeded(OutputFolder, outcome.HyperParameters, outcome.Rows);
        }
    }

    /// <summary>What an attempt before may have left half written.</summary>
    private static void Renew(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }

    private static string PathIn(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
