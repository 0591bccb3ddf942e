namespace RagPlatform.Answers;

/// <summary>
/// A logistic model of "this unit answers the question". Fitted by bench/Quality on one half of its articles and
/// reported on the other: bench/results/extractive-answers.md.
/// </summary>
public sealed record EvidenceWeights
{
    public double Bias { get; init; } = -3.70;

    /// <summary>Per unit of cosine between the question and the unit with its headings, -1 to 1.</summary>
    public double Similarity { get; init; } = 1.31;

    /// <summary>Per unit of the share of the question's terms, by IDF, that the unit and its headings hold, 0 to 1.</summary>
    public double Coverage { get; init; } = 2.16;

    /// <summary>The same over the whole passage.</summary>
    public double PassageCoverage { get; init; } = 0.54;

    /// <summary>Per unit of cosine between the question and the whole passage, -1 to 1.</summary>
    public double PassageSimilarity { get; init; } = 1.31;

    /// <summary>Times 1, 0 or -1: the unit holds the kind of thing asked for, nothing is known, it does not.</summary>
    public double TypeMatch { get; init; } = 0.23;

    /// <summary>A line of code where the question asks how something is done.</summary>
    public double Command { get; init; } = 0.7;

    public static readonly EvidenceWeights Default = new();
}

/// <summary>What <see cref="EvidenceWeights"/> weigh, for one candidate.</summary>
public readonly record struct EvidenceFeatures(
    double Similarity, double Coverage, double PassageCoverage, double PassageSimilarity, int TypeMatch, bool IsCommand)
{
    /// <summary>0 to 1: 1 / (1 + exp(-w·x)).</summary>
    public double Evidence(EvidenceWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var sum = weights.Bias
            + (weights.Similarity * Similarity)
            + (weights.Coverage * Coverage)
            + (weights.PassageCoverage * PassageCoverage)
            + (weights.PassageSimilarity * PassageSimilarity)
            + (weights.TypeMatch * TypeMatch)
            + (IsCommand ? weights.Command : 0);
        return 1 / (1 + Math.Exp(-sum));
    }
}
