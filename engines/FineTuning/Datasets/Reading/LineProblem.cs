using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Why a line, or the whole file, cannot be read.</summary>
internal sealed record LineProblem(FindingCode Code, string Problem, string Remedy);
