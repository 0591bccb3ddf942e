using System.Text.Json.Serialization;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>
/// Makes how sure a whole output is as often right as it says: the fields' product is too careful, for fields are right or wrong
/// together, and of spans nothing else is calibrated. Logistic in the product's log-odds (Platt 1999, "Probabilistic outputs for
/// support vector machines"), so that the order of confidences stays.
/// </summary>
/// <param name="Slope">Above 0.</param>
/// <param name="Offset">Of the log-odds.</param>
internal sealed record ConfidenceScale(double Slope, double Offset)
{
    /// <summary>Fewer tell nothing; neither do texts of which all are right or all wrong.</summary>
    private const int FewestTexts = 50;
    private const int Iterations = 50;

    /// <summary>Beyond it log-odds are no better known.</summary>
    private const double Least = 1e-9;

    /// <summary>Of Newton's step; where less is needed the loss is at its least.</summary>
    private const double LeastShare = 1e-12;

    /// <summary>Keeps Newton's step finite where confidences tell nothing.</summary>
    private const double Ridge = 1e-6;

    public static ConfidenceScale None { get; } = new(1, 0);

    [JsonIgnore]
    public bool IsNone => this == None;

    public double Apply(double confidence) => IsNone ? confidence : LabelSetLoss.Probability((Slope * LogOdds(confidence)) + Offset);

    /// <summary>By Newton's method on the log-likelihood, with Platt's targets, which are a little less sure than 0 and 1.</summary>
    /// <param name="confidences">0 to 1, of texts that were not trained on.</param>
    /// <param name="isRight">In the same order.</param>
    /// <returns><see cref="None"/> where nothing can be said, or the sure ones are not the right ones.</returns>
    public static ConfidenceScale Fit(IReadOnlyList<double> confidences, IReadOnlyList<bool> isRight)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(isRight.Count, confidences.Count, nameof(isRight));
        var right = isRight.Count(each => each);
        var wrong = isRight.Count - right;
        if (isRight.Count < FewestTexts || right == 0 || wrong == 0)
        {
            return None;
        }

        double[] odds = [.. confidences.Select(LogOdds)];
        double[] targets = [.. isRight.Select(each => each ? (right + 1.0) / (right + 2) : 1.0 / (wrong + 2))];
        var (slope, offset) = (1.0, 0.0);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            double bySlope = 0, byOffset = 0, slopes = Ridge, both = 0, offsets = Ridge;
            for (var i = 0; i < odds.Length; i++)
            {
                var probability = LabelSetLoss.Probability((slope * odds[i]) + offset);
                var (error, weight) = (probability - targets[i], probability * (1 - probability));
                bySlope += error * odds[i];
                byOffset += error;
                slopes += weight * odds[i] * odds[i];
                both += weight * odds[i];
                offsets += weight;
            }

            var determinant = (slopes * offsets) - (both * both);
            var (slopeStep, offsetStep) = (((offsets * bySlope) - (both * byOffset)) / determinant, ((slopes * byOffset) - (both * bySlope)) / determinant);
            // Where all confidences are nearly 1 a whole step goes far beyond the least loss, and the next ones further.
            var (loss, share) = (Loss(odds, targets, slope, offset), 1.0);
            while (share > LeastShare && !(Loss(odds, targets, slope - (share * slopeStep), offset - (share * offsetStep)) <= loss))
            {
                share /= 2;
            }

            (slope, offset) = share > LeastShare ? (slope - (share * slopeStep), offset - (share * offsetStep)) : (slope, offset);
        }

        return slope > 0 && double.IsFinite(slope) && double.IsFinite(offset) ? new ConfidenceScale(slope, offset) : None;
    }

    /// <summary>ln(1 + e^x) − target·x of each, without overflow.</summary>
    private static double Loss(double[] odds, double[] targets, double slope, double offset)
    {
        var loss = 0.0;
        for (var i = 0; i < odds.Length; i++)
        {
            var logit = (slope * odds[i]) + offset;
            loss += Math.Max(logit, 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit))) - (targets[i] * logit);
        }

        return loss;
    }

    private static double LogOdds(double confidence)
    {
        var inside = Math.Clamp(confidence, Least, 1 - Least);
        return Math.Log(inside / (1 - inside));
    }
}
