using System.Globalization;

namespace RagPlatform.CommandLine.Evaluation.Html;

/// <summary>Numbers as the report writes them.</summary>
internal static class Figures
{
    public static string Score(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>With its sign of comparison: "= 0.042".</summary>
    public static string Probability(double value) => value < 0.001 ? "< 0.001" : $"= {Score(value)}";

    public static string Signed(double value) => value.ToString("+0.000;\u22120.000", CultureInfo.InvariantCulture);

    public static string Plain(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Milliseconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
