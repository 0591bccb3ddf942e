using static RagPlatform.CommandLine.Evaluation.Html.Figures;

namespace RagPlatform.CommandLine.Evaluation.Html;

/// <summary>nDCG@10 by the weight of the vectors, with its interval as a band.</summary>
internal static class WeightCurve
{
    private const double Left = 56;
    private const double Right = 700;
    private const double Top = 20;
    private const double Floor = 220;
    private const double Margin = 0.01;

    public static string Of(TuningReport tuning)
    {
        var low = Math.Max(0, tuning.Curve.Min(point => point.Low) - Margin);
        var high = Math.Min(1, tuning.Curve.Max(point => point.High) + Margin);
        var svg = new Svg(720, 268, $"nDCG@10 by the weight of the vectors: highest at {Plain(tuning.BestWeight)}.");
        for (var tick = 0; tick <= 4; tick++)
        {
            var value = low + ((high - low) * tick / 4);
            svg.Line(Left, Y(value), Right, Y(value), "grid").Text(Left - 8, Y(value) + 4, Score(value), "end", "tick");
        }

        foreach (var point in tuning.Curve)
        {
            svg.Text(X(point.VectorWeight), Floor + 18, Plain(point.VectorWeight), "middle", "tick");
        }

        svg.Path([.. tuning.Curve.Select(point => (X(point.VectorWeight), Y(point.High))), .. tuning.Curve.Reverse().Select(point => (X(point.VectorWeight), Y(point.Low)))], "band", closed: true)
            .Line(X(tuning.CurrentWeight), Top, X(tuning.CurrentWeight), Floor, "now")
            .Text(X(tuning.CurrentWeight) + 6, Floor - 8, $"now {Plain(tuning.CurrentWeight)}", style: "tick")
            .Path(tuning.Curve.Select(point => (X(point.VectorWeight), Y(point.Mean))), "curve");
        foreach (var point in tuning.Curve)
        {
            var isBest = point.VectorWeight == tuning.BestWeight;
            svg.Circle(X(point.VectorWeight), Y(point.Mean), isBest ? 5.5 : 3.5, isBest ? "point best" : "point", $"{Plain(point.VectorWeight)}: {Score(point.Mean)} ({Score(point.Low)} to {Score(point.High)})");
        }

        return svg.Text((Left + Right) / 2, 260, "weight of the vectors: 0 words alone, 1 meaning alone", "middle", "tick").ToString();

        double Y(double value) => Floor - ((value - low) / (high - low) * (Floor - Top));
    }

    private static double X(double weight) => Left + (weight * (Right - Left));
}
