using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets;

/// <summary>What a file of examples holds.</summary>
/// <param name="Name">As findings name the file: training, validation, test.</param>
/// <param name="Format">Told by its first lines.</param>
/// <param name="Bytes">Read.</param>
/// <param name="Lines">That are not empty.</param>
/// <param name="Examples">Of the lines without an error, in their order.</param>
/// <param name="Findings">Of the lines, each by itself.</param>
public sealed record TrainingFileContent(
    string Name, DatasetFormat Format, long Bytes, long Lines, IReadOnlyList<TrainingExample> Examples, FindingLog Findings);
