using System.Globalization;
using RagPlatform.CommandLine.Evaluation.Html;

namespace RagPlatform.CommandLine.FineTuning.Html;

/// <summary>One measure or several over the steps of training.</summary>
internal static class StepCurve
{
    private const double Left = 64;
    private const double Right = 700;
    private const double Top = 16;
    private const double Bottom = 226;
    private const int Ticks = 4;

    /// <summary>More points would be finer than the picture.</summary>
    private const int MaxPoints = 400;

    /// <param name="title">What it shows, for those who do not see it.</param>
    /// <param name="curves">Each with a name and points by step, at least one of them with two.</param>
    public static string Of(string title, IReadOnlyList<(string Name, IReadOnlyList<(long Step, double Value)> Points)> curves)
    {
        var points = curves.SelectMany(curve => curve.Points).ToList();
        var lastStep = points.Max(point => point.Step);
        var (low, high) = (Math.Min(0, points.Min(point => point.Value)), points.Max(point => point.Value));
        high = high > low ? high : low + 1;
        var svg = new Svg(720, 262, title);
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var value = low + ((high - low) * tick / Ticks);
            svg.Line(Left, Y(value), Right, Y(value), tick == 0 ? "axis" : "grid").Text(Left - 8, Y(value) + 4, value.ToString("0.###", CultureInfo.InvariantCulture), "end", "tick");
            svg.Text(X(lastStep * tick / Ticks), Bottom + 18, Figures.Count(lastStep * tick / Ticks), "middle", "tick");
        }

        foreach (var (index, curve) in curves.Index())
        {
            var thinned = Thin(curve.Points);
            svg.Path(thinned.Select(point => (X(point.Step), Y(point.Value))), $"trace trace{index}");
            if (curve.Points.Count <= 60)
            {
                foreach (var (step, value) in curve.Points)
                {
                    svg.Circle(X(step), Y(value), 2.6, $"fill arm{index}", $"{curve.Name} at step {step}: {Figures.Score(value)}");
                }
            }
        }

        return svg.Text(Right, Bottom + 34, "step", "end", "tick").ToString();

        double X(double step) => Left + ((Right - Left) * step / Math.Max(1, lastStep));
        double Y(double value) => Bottom - ((Bottom - Top) * (value - low) / (high - low));
    }

    /// <summary>Means of runs of points.</summary>
    private static List<(double Step, double Value)> Thin(IReadOnlyList<(long Step, double Value)> points)
    {
        var size = Math.Max(1, (points.Count + MaxPoints - 1) / MaxPoints);
        return [.. points.Chunk(size).Select(run => (run.Average(point => (double)point.Step), run.Average(point => point.Value)))];
    }
}
