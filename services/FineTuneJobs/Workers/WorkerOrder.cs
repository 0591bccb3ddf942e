using System.Text.Json;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Workers;

/// <summary>What a worker is told, in a file of the job's folder. It holds no secret.</summary>
internal sealed record WorkerOrder
{
    public const string FileName = "order.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public required string JobId { get; init; }
    public required JobSpec Spec { get; init; }

    /// <summary>Absolute; empty where the method has no model of this machine.</summary>
    public string BaseModelFolder { get; init; } = "";

    /// <summary>Absolute, by file: training, and validation and test where they are given.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    public required int Threads { get; init; }

    /// <summary>The latest checkpoint of an external program, in the job's folder; null for none. Built-in trainers find their own.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>The external program; null for a built-in trainer.</summary>
    public ExternalProgram? Program { get; init; }

    /// <summary>Null where there is none.</summary>
    public static WorkerOrder? TryRead(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize<WorkerOrder>(File.ReadAllBytes(path), Json) : null;
    }

    /// <summary>Whole or not at all.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, Json));
        File.Move(path + ".new", path, overwrite: true);
    }
}

/// <param name="TimeLimitMinutes">After which it is ended.</param>
internal sealed record ExternalProgram(string Name, string Executable, IReadOnlyList<string> Arguments, int TimeLimitMinutes);
