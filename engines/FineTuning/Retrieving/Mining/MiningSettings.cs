namespace RagPlatform.FineTuning.Retrieving.Mining;

/// <summary>Which passages are hard negatives of a query: near it, and yet most likely no answer.</summary>
/// <param name="PerExample">How many are kept for each example, given ones included; at least 0.</param>
/// <param name="SkippedRanks">So many of the best of each ranking are left out, for they may be answers that nobody marked.</param>
/// <param name="PositiveShare">
/// A passage is left out where its similarity to the query is above this share of the answer's. Source: Moreira et al. 2024,
/// arXiv:2407.15831 (TopK-PercPos, .95).
/// </param>
internal sealed record MiningSettings(int PerExample, int SkippedRanks, double PositiveShare);
