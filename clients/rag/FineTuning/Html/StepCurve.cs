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
    private const double Height = 270;

    /// <summary>More points would be finer than the picture.</summary>
    private const int MaxPoints = 400;

    /// <param name="title">What it shows, for those who do not see it.</param>
    /// <param name="curves">Each with a name and points by step, at least one of them with two.</param>
    public static string Of(string title, IReadOnlyList<(string Name, IReadOnlyList<(long Step, double Value)> Points)> curves)
    {
        var points = curves.SelectMany(curve => curve.Points).ToList();
        var lastStep = Math.Max(1, points.Max(point => point.Step));
        var (low, high) = (Math.Min(0, points.Min(point => point.Value)), points.Max(point => point.Value));
        var distance = RoundDistance(high > low ? high - low : 1);
        var (lowest, highest) = (Math.Floor(low / distance), Math.Max(Math.Ceiling((high / distance) - 1e-9), Math.Floor(low / distance) + 1));
        var svg = new Svg(720, Height, title);
        for (var tick = lowest; tick <= highest; tick++)
        {
            var value = tick * distance;
            svg.Line(Left, Y(value), Right, Y(value), tick == lowest ? "axis" : "grid").Text(Left - 8, Y(value) + 4, value.ToString("#,0.########", CultureInfo.InvariantCulture), "end", "tick");
        }

        var stepDistance = Math.Max(1, (long)RoundDistance(lastStep));
        for (var step = 0L; step <= lastStep; step += stepDistance)
        {
            svg.Text(X(step), Bottom + 18, Figures.Count(step), "middle", "tick");
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

        double X(double step) => Left + ((Right - Left) * step / lastStep);
        double Y(double value) => Bottom - ((Bottom - Top) * ((value / distance) - lowest) / (highest - lowest));
    }

    /// <summary>1, 2 or 5 times a power of ten: at least <see cref="Ticks"/> of it, and fewer than thrice as many, make the length.</summary>
    private static double RoundDistance(double length)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(length / Ticks)));
        return power * (length / Ticks / power) switch { >= 5 => 5, >= 2 => 2, _ => 1 };
    }

    /// <summary>Means of runs of points.</summary>
    private static List<(double Step, double Value)> Thin(IReadOnlyList<(long Step, double Value)> points)
    {
        var size = Math.Max(1, (points.Count + MaxPoints - 1) / MaxPoints);
        return [.. points.Chunk(size).Select(run => (run.Average(point => (double)point.Step), run.Average(point => point.Value)))];
    }
}
