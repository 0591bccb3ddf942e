using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>What a job's files hold.</summary>
/// <param name="Parts">After the split.</param>
/// <param name="LeakedExamples">Of the test part, those whose input is, whole or nearly, in the training or validation part too.</param>
public sealed record JobExamples(TrainingSet Parts, int LeakedExamples);

/// <summary>Reads and splits a job's files: the same job has the same parts, whenever it is asked.</summary>
/// <exception cref="FileNotFoundException">A file is gone; the message names its dataset.</exception>
public delegate JobExamples ReadJobExamples(Job job, CancellationToken cancellationToken);
