namespace RagPlatform.FineTuning.Datasets.Splitting;

/// <summary>How one file becomes a training, a validation and a test part.</summary>
/// <param name="ValidationShare">0 to 0.5; 0 where validation examples are given.</param>
/// <param name="TestShare">0 to 0.5; 0 where test examples are given.</param>
/// <param name="Seed">The same seed gives the same parts.</param>
/// <param name="IsStratified">Every label has about its share in every part.</param>
public sealed record SplitSettings(double ValidationShare = 0.1, double TestShare = 0.1, ulong Seed = 0, bool IsStratified = true);
