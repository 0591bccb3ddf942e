namespace RagPlatform.Search.Vectors;

/// <summary>Whether to search the graph or to compare every allowed row, and how widely.</summary>
/// <param name="Width">Of a search of the graph.</param>
/// <param name="MaxComparisons">At which comparing every allowed row would have been done, too.</param>
internal readonly record struct SearchPlan(bool UsesGraph, int Width, long MaxComparisons)
{
    private const int MinWidth = 64;
    private const double ComparisonsPerWidth = 15;
    private const double GraphCostPerComparison = 3;

    public static SearchPlan For(int rowCount, int allowedCount, int wanted)
    {
        var width = Math.Max(MinWidth, wanted + (wanted / 4));
        var share = Math.Max(allowedCount, 1) / (double)Math.Max(rowCount, 1);
        var expected = width / share * ComparisonsPerWidth;
        var affordable = allowedCount / GraphCostPerComparison;
        return new SearchPlan(expected < affordable, width, (long)Math.Max(affordable, 2 * expected));
    }
}
