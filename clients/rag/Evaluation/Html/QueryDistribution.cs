using static RagPlatform.CommandLine.Evaluation.Html.Figures;

namespace RagPlatform.CommandLine.Evaluation.Html;

/// <summary>How many queries an arm answers how well: a histogram of nDCG@10 over ten tenths.</summary>
internal static class QueryDistribution
{
    private const int Bins = 10;
    private const double Width = 228;
    private const double Left = 4;
    private const double Top = 30;
    private const double Floor = 128;
    private const double BinStep = 22;

    /// <param name="arm">Whose.</param>
    /// <param name="index">Its place among the arms, for its colour.</param>
    /// <param name="highest">The most queries in any bin of any arm, so that all have one scale.</param>
    public static string Of(ArmReport arm, int index, int highest)
    {
        var bins = BinsOf(arm);
        var total = arm.Queries.Count;
        var svg = new Svg(Width, 156, $"{arm.Arm}: {bins[^1]} of {total} queries reach 0.9 or more, {bins[0]} stay below 0.1.")
            .Text(Left, 14, arm.Arm, style: "name");
        for (var bin = 0; bin < Bins; bin++)
        {
            var height = (Floor - Top) * bins[bin] / highest;
            var x = Left + (bin * BinStep);
            svg.Box(x, Floor - height, BinStep - 3, height, $"fill arm{index}", $"{Plain(bin / 10.0)} to {Plain((bin + 1) / 10.0)}: {bins[bin]} of {total} queries");
            if (bins[bin] > 0)
            {
                svg.Text(x + ((BinStep - 3) / 2), Floor - height - 4, Count(bins[bin]), "middle", "tick");
            }
        }

        return svg.Line(Left, Floor + 0.5, Left + (Bins * BinStep), Floor + 0.5, "axis")
            .Text(Left, Floor + 16, "0", style: "tick")
            .Text(Left + (Bins * BinStep / 2), Floor + 16, Measures.Main, "middle", "tick")
            .Text(Left + (Bins * BinStep) - 3, Floor + 16, "1", "end", "tick")
            .ToString();
    }

    public static int[] BinsOf(ArmReport arm)
    {
        var bins = new int[Bins];
        foreach (var query in arm.Queries)
        {
            bins[Math.Min(Bins - 1, (int)(query.NdcgAt10 * Bins))]++;
        }

        return bins;
    }
}
