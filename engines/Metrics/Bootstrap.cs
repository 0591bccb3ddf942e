namespace RagPlatform.Metrics;

/// <summary>A mean over queries and where it may lie for other queries of the same kind.</summary>
/// <param name="Mean">Of the values as they are.</param>
/// <param name="Low">Of the confidence interval; likewise <paramref name="High"/>.</param>
public readonly record struct MeanInterval(double Mean, double Low, double High);

/// <summary>Two runs compared query by query.</summary>
/// <param name="Difference">Second minus first, with its interval.</param>
/// <param name="PValue">How often chance alone would give a difference as large, either way; above 0, at most 1.</param>
public readonly record struct PairedComparison(MeanInterval Difference, double PValue);

/// <summary>Uncertainty of a mean by drawing queries anew, with replacement.</summary>
/// <remarks>Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 (percentile interval) and 16 (tests).</remarks>
public static class Bootstrap
{
    public const int DefaultResamples = 2000;

    /// <summary>The percentile interval of the mean.</summary>
    /// <param name="values">One per query, at least one.</param>
    /// <param name="random">Seeded by the caller: the same seed gives the same interval.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="resamples">At least 1.</param>
    public static MeanInterval Interval(ReadOnlySpan<double> values, Random random, double confidence = 0.95, int resamples = DefaultResamples)
    {
        var means = ResampledMeans(values, random, resamples);
        return IntervalOf(Mean(values), means, confidence);
    }

    /// <summary>
    /// Tests whether two runs over the same queries differ: the differences are shifted to mean 0, drawn anew, and the
    /// p-value is how often they stray as far as what was seen, (1 + count) / (1 + resamples).
    /// Source: M. Smucker, J. Allan, B. Carterette, "A Comparison of Statistical Significance Tests for Information
    /// Retrieval Evaluation", CIKM 2007.
    /// </summary>
    /// <param name="first">One value per query; <paramref name="second"/> has the same queries in the same order.</param>
    /// <param name="second">The run that a positive difference favours.</param>
    /// <param name="random">Seeded by the caller.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="resamples">At least 1.</param>
    /// <exception cref="ArgumentException">The runs have different numbers of queries, or none.</exception>
    public static PairedComparison Compare(
        ReadOnlySpan<double> first, ReadOnlySpan<double> second, Random random, double confidence = 0.95, int resamples = DefaultResamples)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException($"The runs have {first.Length} and {second.Length} queries; they must be the same ones.", nameof(second));
        }

        var differences = new double[first.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = second[i] - first[i];
        }

        var means = ResampledMeans(differences, random, resamples);
        var seen = Mean(differences);
        var asFar = means.Count(mean => Math.Abs(mean - seen) >= Math.Abs(seen));
        return new PairedComparison(IntervalOf(seen, means, confidence), (1.0 + asFar) / (1.0 + resamples));
    }

    private static MeanInterval IntervalOf(double mean, double[] resampledMeans, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        Array.Sort(resampledMeans);
        var tail = (1 - confidence) / 2;
        return new MeanInterval(mean, Quantiles.Of(resampledMeans, tail), Quantiles.Of(resampledMeans, 1 - tail));
    }

    private static double[] ResampledMeans(ReadOnlySpan<double> values, Random random, int resamples)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (values.IsEmpty)
        {
            throw new ArgumentException("There are no queries; at least one is needed.", nameof(values));
        }

        var means = new double[resamples];
        for (var resample = 0; resample < resamples; resample++)
        {
            var sum = 0.0;
            for (var draw = 0; draw < values.Length; draw++)
            {
                sum += values[random.Next(values.Length)];
            }

            means[resample] = sum / values.Length;
        }

        return means;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
