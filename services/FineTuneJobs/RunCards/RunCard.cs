using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.RunCards;

/// <summary>Everything that a run rests on and came to, as JSON: the same specification on the same data, model, version and machine gives the same files.</summary>
public sealed class RunCard(DatasetStore datasets, JobCatalog catalog, RunningJobs running, IOptions<FineTuneJobsOptions> options, TimeProvider time)
{
    private const int Version = 1;
    private const double SecondsPerHour = 3600;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="job">As it was taken.</param>
    /// <param name="facts">Said by the worker: hashes, versions, environment.</param>
    /// <param name="end">How it succeeded; null while it runs.</param>
    public string Write(Job job, IReadOnlyDictionary<string, string> facts, JobEnd.Succeeded? end)
    {
        ArgumentNullException.ThrowIfNull(job);
        var now = catalog.Find(job.Tenant, job.Id) ?? job;
        var seconds = running.RunTime(job.Id).TotalSeconds;
        return JsonSerializer.Serialize(
            new
            {
                Version,
                Job = job.Id,
                Method = job.Spec.Method.Name(),
                job.Spec,
                Data = job.Spec.Data.Files().Select(file => Describe(job.Tenant, file.File, file.Id)),
                now.HyperParameters,
                Environment = new SortedDictionary<string, string>(facts.ToDictionary(), StringComparer.Ordinal),
                job.CreatedAt,
                now.StartedAt,
                EndedAt = end is null ? (DateTimeOffset?)null : time.GetUtcNow(),
                now.Attempts,
                RunSeconds = Math.Round(seconds, 1),
                EnergyWattHours = Math.Round(options.Value.TrainingWatts * seconds / SecondsPerHour, 3),
                EnergyBasis = string.Create(CultureInfo.InvariantCulture, $"an estimate: {options.Value.TrainingWatts:0.#} W (FineTuneJobs:TrainingWatts) over the time of the run"),
                now.Progress.Step,
                now.Progress.Tokens,
                now.Progress.ValidationLoss,
                Evaluation = end?.Rows ?? [],
                Files = Hash(end?.Folder ?? ""),
                RemoteModel = end?.RemoteModel ?? "",
            },
            Json);
    }

    private object Describe(string tenant, string file, string id) =>
        datasets.Find(tenant, id) is { } dataset ? new { File = file, dataset.Id, dataset.Sha256, dataset.Bytes, dataset.Lines } : new { File = file, Id = id, Sha256 = "", Bytes = 0L, Lines = 0L };

    /// <summary>SHA-256 by name.</summary>
    private static SortedDictionary<string, string> Hash(string folder)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in folder.Length > 0 ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
        {
            using var stream = File.OpenRead(path);
            hashes[Path.GetRelativePath(folder, path).Replace('\\', '/')] = Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        return hashes;
    }
}
