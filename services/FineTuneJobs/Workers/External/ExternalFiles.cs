using System.Text.Json;
using RagPlatform.FineTuneJobs.Workers.BuiltIn;
using RagPlatform.FineTuneJobs.Workers.Protocol;
using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuneJobs.Workers.External;

/// <summary>What an external program finds in the job's folder: job.json, and the parts of the data as JSON Lines, each line as it was uploaded.</summary>
internal static class ExternalFiles
{
    private const string DataFolder = "data";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Write(WorkerOrder order, TrainingSet data, string folder)
    {
        foreach (var name in new[] { DataFolder, BuiltInTraining.CheckpointFolder, BuiltInTraining.OutputFolder })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        WritePart(order, folder, "training", data.Training);
        WritePart(order, folder, "validation", data.Validation);
        WritePart(order, folder, "test", data.Test);
        File.WriteAllBytes(Path.Combine(folder, "job.json"), JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                job = order.JobId,
                order.Spec.BaseModel,
                order.BaseModelFolder,
                TrainingFile = $"{DataFolder}/training.jsonl",
                ValidationFile = $"{DataFolder}/validation.jsonl",
                TestFile = $"{DataFolder}/test.jsonl",
                order.Spec.HyperParameters,
                order.Spec.Seed,
                order.Threads,
                order.Spec.Suffix,
                order.Spec.Metadata,
                CheckpointFolder = BuiltInTraining.CheckpointFolder,
                OutputFolder = BuiltInTraining.OutputFolder,
                order.ResumeFrom,
            },
            Json));
    }

    /// <summary>Lines of the part's own file where it was given, else of the training file.</summary>
    private static void WritePart(WorkerOrder order, string folder, string part, IReadOnlyList<TrainingExample> examples)
    {
        var wanted = examples.Select(example => (long)example.Line).ToHashSet();
        using var target = File.Create(Path.Combine(folder, DataFolder, $"{part}.jsonl"));
        using var source = File.OpenRead(order.Files.GetValueOrDefault(part) ?? order.Files["training"]);
        CopyAsync(source, target, wanted).GetAwaiter().GetResult();
    }

    private static async Task CopyAsync(Stream source, Stream target, HashSet<long> wanted)
    {
        var number = 0L;
        await foreach (var line in BoundedLines.ReadAsync(source, int.MaxValue, CancellationToken.None))
        {
            if (wanted.Contains(++number))
            {
                await target.WriteAsync(line);
                target.WriteByte((byte)'\n');
            }
        }
    }
}
