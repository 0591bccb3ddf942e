using static RagPlatform.CommandLine.Evaluation.Html.Figures;

namespace RagPlatform.CommandLine.Evaluation.Html;

/// <summary>Every measure of every arm as a bar from 0 to 1, with its interval.</summary>
internal static class MeasureBars
{
    private const double Left = 92;
    private const double Right = 668;
    private const double Top = 26;
    private const double BarHeight = 15;
    private const double BarStep = 19;
    private const double GroupGap = 16;
    private const double Cap = 4;

    public static string Of(IReadOnlyList<ArmReport> arms)
    {
        var measures = arms[0].Measures.Count;
        var groupHeight = (arms.Count * BarStep) + GroupGap;
        var bottom = Top + (measures * groupHeight) - GroupGap + 4;
        var svg = new Svg(720, bottom + 8, "Bars of every measure, from 0 to 1, for words alone, meaning alone and both; the table below holds the figures.");
        foreach (var tick in (double[])[0, 0.25, 0.5, 0.75, 1])
        {
            svg.Line(X(tick), Top - 6, X(tick), bottom, "grid").Text(X(tick), Top - 12, Plain(tick), "middle", "tick");
        }

        for (var measure = 0; measure < measures; measure++)
        {
            var top = Top + (measure * groupHeight);
            svg.Text(Left - 12, top + (arms.Count * BarStep / 2) + 2, arms[0].Measures[measure].Measure, "end");
            for (var arm = 0; arm < arms.Count; arm++)
            {
                Bar(svg, arms[arm].Arm, arm, arms[arm].Measures[measure], top + (arm * BarStep));
            }
        }

        return svg.ToString();
    }

    private static void Bar(Svg svg, string name, int arm, MeasureReport measure, double top)
    {
        var middle = top + (BarHeight / 2);
        svg.Box(X(0), top, X(measure.Mean) - X(0), BarHeight, $"fill arm{arm}", $"{name}: {measure.Measure} {Score(measure.Mean)}, 95% interval {Score(measure.Low)} to {Score(measure.High)}")
            .Line(X(measure.Low), middle, X(measure.High), middle, "whisker")
            .Line(X(measure.Low), middle - Cap, X(measure.Low), middle + Cap, "whisker")
            .Line(X(measure.High), middle - Cap, X(measure.High), middle + Cap, "whisker")
            .Text(Math.Max(X(measure.High), X(measure.Mean)) + 7, middle + 4, Score(measure.Mean), style: "value");
    }

    private static double X(double value) => Left + (value * (Right - Left));
}
