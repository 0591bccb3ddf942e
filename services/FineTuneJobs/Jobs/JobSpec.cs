namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>What to train: checked and completed, and stored as JSON.</summary>
public sealed record JobSpec
{
    public TrainingMethod Method { get; init; }
    public string BaseModel { get; init; } = "";
    public required DatasetUse Data { get; init; }
    public IReadOnlyDictionary<string, string> HyperParameters { get; init; } = new Dictionary<string, string>();
    public ulong Seed { get; init; }
    public string Suffix { get; init; } = "";
    public int Priority { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
    public string Project { get; init; } = "default";
    public string Collection { get; init; } = "";
    public string Command { get; init; } = "";
}

/// <summary>Which files a job reads, and how. The method and the model are the job's where they are left out.</summary>
public sealed record DatasetUse
{
    public string Training { get; init; } = "";
    public string Validation { get; init; } = "";
    public string Test { get; init; } = "";
    public DatasetSplit Split { get; init; } = new();
    public TrainingMethod Method { get; init; }
    public string BaseModel { get; init; } = "";

    /// <summary>Ids by the field that names them, in the order training, validation, test; those left out are not there.</summary>
    public IEnumerable<(string File, string Field, string Id)> Files() =>
        new[] { ("training", "training_dataset", Training), ("validation", "validation_dataset", Validation), ("test", "test_dataset", Test) }.Where(file => file.Item3.Length > 0);
}

/// <param name="ValidationShare">0 to 0.5.</param>
/// <param name="TestShare">0 to 0.5.</param>
public sealed record DatasetSplit(double ValidationShare = 0.1, double TestShare = 0.1, ulong Seed = 0, bool Stratify = false, string GroupField = "group");
