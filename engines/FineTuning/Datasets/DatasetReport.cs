using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets;

/// <summary>What a method would learn from some files, and what is wrong with them.</summary>
/// <param name="Findings">Those of the files' lines included.</param>
/// <param name="Statistics">Also where there are errors, of what could be read.</param>
/// <param name="Leakage">Between given files; parts split from one file share no input.</param>
/// <param name="Set">Split; null where there is an error.</param>
public sealed record DatasetReport(FindingLog Findings, DatasetStatistics Statistics, LeakageCounts Leakage, TrainingSet? Set);
