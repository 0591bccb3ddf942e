namespace RagPlatform.FineTuning.Specialist;

/// <summary>What is out of scope, by the energy of the main label's logits.</summary>
/// <param name="Point">Above whose threshold it is.</param>
/// <param name="Spread">Of the in-scope validation texts' energies; above 0.</param>
/// <param name="LabelThreshold">
/// Above it outputs have the label that says so, where there is one: the most right labels on the validation texts. It is the
/// higher of the two where most texts are in scope, for a label that is taken away there is a mistake.
/// </param>
internal sealed record OutOfScopeRule(OperatingPoint Point, double Spread, double LabelThreshold)
{
    /// <summary>Null where no text is in scope.</summary>
    public static OutOfScopeRule? Choose(IReadOnlyList<ScoredText> texts)
    {
        double[] inScope = [.. texts.Where(text => !text.IsOutOfScope).Select(text => text.Energy)];
        double[] outOfScope = [.. texts.Where(text => text.IsOutOfScope).Select(text => text.Energy)];
        if (inScope.Length == 0)
        {
            return null;
        }

        var mean = inScope.Average();
        var spread = Math.Sqrt(inScope.Average(energy => (energy - mean) * (energy - mean)));
        var point = OperatingPoint.Choose(inScope, outOfScope);
        return new OutOfScopeRule(point, Math.Max(spread, 1e-3), outOfScope.Length == 0 ? point.Threshold : MostRight(texts));
    }

    /// <summary>0 to 1, a half at the threshold.</summary>
    public double Score(double energy) => LabelSetLoss.Probability((energy - Point.Threshold) / Spread);

    /// <summary>0 to 1, a half at the label's threshold.</summary>
    public double Strangeness(double energy) => LabelSetLoss.Probability((energy - LabelThreshold) / Spread);

    /// <summary>Of thresholds between two texts that are as good, the one with most room to both sides.</summary>
    private static double MostRight(IReadOnlyList<ScoredText> texts)
    {
        ScoredText[] ordered = [.. texts.OrderBy(text => text.Energy)];
        var right = ordered.Count(text => text.IsOutOfScope);
        var (most, best) = (right, ordered[0].Energy - 1);
        for (var i = 0; i < ordered.Length; i++)
        {
            right += ordered[i].IsOutOfScope ? -1 : ordered[i].IsRight ? 1 : 0;
            var next = i + 1 < ordered.Length ? ordered[i + 1].Energy : ordered[i].Energy + 1;
            if (right > most && next > ordered[i].Energy)
            {
                (most, best) = (right, ordered[i].Energy + ((next - ordered[i].Energy) / 2));
            }
        }

        return best;
    }
}

/// <param name="Energy">The higher, the stranger.</param>
/// <param name="IsOutOfScope">As the example says.</param>
/// <param name="IsRight">Its likeliest label is the example's.</param>
internal readonly record struct ScoredText(double Energy, bool IsOutOfScope, bool IsRight);
