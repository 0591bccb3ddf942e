using RagPlatform.Metrics;

namespace RagPlatform.FineTuning.Datasets;

/// <summary>Tokens of many examples.</summary>
internal readonly record struct TokenTotals(long Total, long Trained, int Median, int P95, int Max)
{
    /// <param name="file">Whose examples were counted.</param>
    /// <param name="counted">In the file's order.</param>
    /// <param name="part">The examples of the file that are taken.</param>
    public static TokenTotals Of(TrainingFileContent file, ExampleTokens[] counted, IReadOnlyList<TrainingExample> part)
    {
        if (part.Count == 0)
        {
            return default;
        }

        var lines = part.Select(example => example.Line).ToHashSet();
        ExampleTokens[] taken = [.. counted.Where((_, i) => lines.Contains(file.Examples[i].Line))];
        var sorted = taken.Select(tokens => (double)tokens.Total).Order().ToArray();
        return new TokenTotals(
            taken.Sum(tokens => (long)tokens.Total), taken.Sum(tokens => (long)tokens.Trained),
            (int)Quantiles.Of(sorted, 0.5), (int)Math.Ceiling(Quantiles.Of(sorted, 0.95)), (int)sorted[^1]);
    }
}
