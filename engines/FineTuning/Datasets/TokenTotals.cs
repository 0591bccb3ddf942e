using RagPlatform.Metrics;

namespace RagPlatform.FineTuning.Datasets;

/// <summary>Tokens of many examples.</summary>
internal readonly record struct TokenTotals(long Total, long Trained, int Median, int P95, int Max)
{
    public static TokenTotals Of(
        IReadOnlyList<TrainingExample> examples, SequenceShape reads, Func<string, int> countTokens, CancellationToken cancellationToken)
    {
        if (examples.Count == 0)
        {
            return default;
        }

        var (total, trained) = (0L, 0L);
        var each = new double[examples.Count];
        for (var i = 0; i < each.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tokens = ExampleTokens.Count(examples[i], reads, countTokens);
            total += tokens.Total;
            trained += tokens.Trained;
            each[i] = tokens.Total;
        }

        Array.Sort(each);
        return new TokenTotals(total, trained, (int)Quantiles.Of(each, 0.5), (int)Math.Ceiling(Quantiles.Of(each, 0.95)), (int)each[^1]);
    }
}
