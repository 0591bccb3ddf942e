namespace RagPlatform.Metrics.Confidence;

/// <summary>How far confidences are from how often they are right.</summary>
public static class CalibrationError
{
    public const int DefaultBins = 15;

    /// <summary>
    /// Expected calibration error, ECE = Σ over bins |B|/n · |accuracy(B) − mean confidence(B)|, 0 to 1, with bins of equal
    /// width ((m−1)/M, m/M].
    /// Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, equation 3.
    /// </summary>
    /// <param name="confidences">0 to 1, of the label that was told.</param>
    /// <param name="isRight">Whether that label is right.</param>
    /// <param name="bins">At least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there is nothing, or a confidence is out of its range.</exception>
    public static double Expected(IReadOnlyList<double> confidences, IReadOnlyList<bool> isRight, int bins = DefaultBins)
    {
        Labels.LabelMetrics.ThrowUnlessAlike(confidences.Count, isRight.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var gaps = new double[bins];
        for (var i = 0; i < confidences.Count; i++)
        {
            var confidence = confidences[i];
            if (!(confidence is >= 0 and <= 1))
            {
                throw new ArgumentException($"The confidence of example {i} is {confidence}; it must be from 0 to 1.", nameof(confidences));
            }

            var bin = Math.Clamp((int)Math.Ceiling(confidence * bins) - 1, 0, bins - 1);
            gaps[bin] += (isRight[i] ? 1 : 0) - confidence;
        }

        return gaps.Sum(Math.Abs) / confidences.Count;
    }
}
