using System.ComponentModel.DataAnnotations;
using RagPlatform.FineTuneJobs.Workers.Commands;

namespace RagPlatform.FineTuneJobs;

/// <summary>Bound from "FineTuneJobs"; validated on start. <see cref="DataDirectory"/> comes from "Data:Directory".</summary>
public sealed class FineTuneJobsOptions
{
    public const string Section = "FineTuneJobs";

    /// <summary>The folder under which "finetune" lies: registry, datasets, jobs. Default "data".</summary>
    [Required(AllowEmptyStrings = false)]
    public string DataDirectory { get; set; } = "data";

    /// <summary>One folder per base model, as the embedding service pulls them. Default: "models" in Data:Directory.</summary>
    [Required(AllowEmptyStrings = false)]
    public string ModelsDirectory { get; set; } = "";

    /// <summary>Base model of specialists, retrievers and rerankers that name none. Default all-MiniLM-L6-v2.</summary>
    [Required]
    public string EncoderModel { get; set; } = "all-MiniLM-L6-v2";

    /// <summary>Largest file of examples, in mebibytes. Default 512; 1 to 16,384.</summary>
    [Range(1, 16_384)]
    public int MaxDatasetMebibytes { get; set; } = 512;

    /// <summary>All files of examples of one tenant, in mebibytes. Default 8,192; 1 to 1,048,576.</summary>
    [Range(1, 1_048_576)]
    public int DatasetMebibytesPerTenant { get; set; } = 8192;

    /// <summary>Jobs that this process trains at once. Default 1, for one uses all processors; 0 (none) to 64.</summary>
    [Range(0, 64)]
    public int MaxRunningJobs { get; set; } = 1;

    /// <summary>Jobs of one tenant that are not over. Default 1,000; 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int MaxUnfinishedJobsPerTenant { get; set; } = 1000;

    /// <summary>Threads a training computes on. Default: the machine's processors; 1 to 1,024. A job keeps the number it began with.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Managed memory of a built-in training, in mebibytes. Default 8,192; 256 to 1,048,576.</summary>
    [Range(256, 1_048_576)]
    public int WorkerMemoryMebibytes { get; set; } = 8192;

    /// <summary>How long a job may run, pauses not counted. Hours, default 168; 1 to 1,000, for a timer holds no more than 49 days.</summary>
    [Range(1, 1000)]
    public int MaxJobHours { get; set; } = 168;

    /// <summary>Deaths of workers, one after another with no checkpoint in between, after which a job fails. Default 5; 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxWorkerDeaths { get; set; } = 5;

    /// <summary>Before a dead worker is replaced; doubles with each further death, up to a minute. Milliseconds, default 1,000; 0 to 60,000.</summary>
    [Range(0, 60_000)]
    public int RestartDelayMilliseconds { get; set; } = 1000;

    /// <summary>How long a worker may take to stop for a pause, its checkpoint included, before it is ended; it then goes on from the checkpoint before. Seconds, default 300; 1 to 86,400.</summary>
    [Range(1, 86_400)]
    public int PauseTimeoutSeconds { get; set; } = 300;

    /// <summary>Events kept of a job; the oldest go. Default 1,000; 10 to 100,000.</summary>
    [Range(10, 100_000)]
    public int MaxEventsPerJob { get; set; } = 1000;

    /// <summary>Points of metrics kept of a job; curves are thinned to every other point when there are more. Default 20,000; 1,000 to 1,000,000.</summary>
    [Range(1000, 1_000_000)]
    public int MaxMetricPointsPerJob { get; set; } = 20_000;

    /// <summary>Power that the machine draws for training, for estimates of energy. Watts, default 65; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public double TrainingWatts { get; set; } = 65;

    /// <summary>What an hour of training costs, in <see cref="Currency"/>; 0 where it has no price. Default 0.</summary>
    [Range(0, 1_000_000)]
    public double PricePerHour { get; set; }

    /// <summary>Of prices. Default USD.</summary>
    [Required]
    public string Currency { get; set; } = "USD";

    /// <summary>External programs that train, by the name that a job gives: docs/guides/training-protocol.md.</summary>
    public Dictionary<string, TrainingCommandOptions> Commands { get; } = new(StringComparer.Ordinal);

    internal string Root => Path.GetFullPath(Path.Combine(DataDirectory, "finetune"));
}
