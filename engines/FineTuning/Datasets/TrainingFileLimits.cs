using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets;

/// <summary>How much of a file is read. What is beyond a limit is a finding, never cut silently.</summary>
public sealed record TrainingFileLimits
{
    /// <summary>Of the file; 512 MiB as OpenAI's upload allows. In memory its examples take two to three times that.</summary>
    public long MaxBytes { get; init; } = 512L << 20;

    /// <summary>Of a line; a longer one is skipped, in constant memory.</summary>
    public int MaxLineBytes { get; init; } = 8 << 20;

    public int MaxExamples { get; init; } = 1_000_000;

    /// <summary>Of JSON in a line.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Findings kept of each code; all are counted.</summary>
    public int MaxFindingsPerCode { get; init; } = FindingLog.DefaultMaxPerCode;

    /// <summary>The key of an example that names its group.</summary>
    public string GroupField { get; init; } = "group";
}
