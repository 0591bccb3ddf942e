namespace RagPlatform.CommandLine.Evaluation;

/// <summary>Two runs over the same queries.</summary>
/// <param name="Measures">Of every arm that both have.</param>
internal sealed record RunComparison(string First, string Second, string Set, int QueryCount, IReadOnlyList<MeasureComparison> Measures)
{
    /// <exception cref="CommandException">They are not of the same set.</exception>
    public static RunComparison Of(EvaluationReport first, EvaluationReport second)
    {
        if (first.Fingerprint != second.Fingerprint)
        {
            throw new CommandException(
                $"{first.Id} and {second.Id} were made with different questions or documents, so their figures cannot be compared.",
                "Evaluate both on the same files.",
                ExitCode.Usage);
        }

        var arms = first.Arms.Join(second.Arms, arm => arm.Arm, arm => arm.Arm, (one, other) => (one, other), StringComparer.Ordinal);
        var measures = arms.SelectMany(pair => Evaluation.Measures.All.Select(measure => Compare(pair.one, pair.other, measure.Name, measure.Of)));
        return new RunComparison(first.Id, second.Id, first.Set, first.QueryCount, [.. measures]);
    }

    private static MeasureComparison Compare(ArmReport first, ArmReport second, string name, Func<QueryScores, double> measure)
    {
        double[] one = [.. first.Queries.Select(measure)];
        double[] other = [.. second.Queries.Select(measure)];
        var comparison = Evaluation.Measures.Compare(one, other);
        return new MeasureComparison(
            first.Arm, name, one.Average(), other.Average(),
            comparison.Difference.Mean, comparison.Difference.Low, comparison.Difference.High, comparison.PValue);
    }
}

/// <param name="Difference">Second minus first, with its 95% interval from <paramref name="Low"/> to <paramref name="High"/>.</param>
/// <param name="PValue">How often chance alone would give a difference as large.</param>
internal sealed record MeasureComparison(
    string Arm, string Measure, double First, double Second, double Difference, double Low, double High, double PValue);
