namespace RagPlatform.Bench.Load;

/// <summary>Order statistics of a list of times.</summary>
internal static class Measures
{
    /// <summary>A row of a Markdown table: name, minimum, median, 95th percentile and maximum in milliseconds.</summary>
    public static string Row(string name, List<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"| {name} | {sorted[0]:0.0} | {At(sorted, 0.5):0.0} | {At(sorted, 0.95):0.0} | {sorted[^1]:0.0} |");
    }

    public const string Header = "| | min ms | median ms | p95 ms | max ms |\n|---|---|---|---|---|";

    private static double At(List<double> sorted, double quantile) => sorted[(int)Math.Round(quantile * (sorted.Count - 1))];
}
