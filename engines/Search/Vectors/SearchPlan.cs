namespace RagPlatform.Search.Vectors;

/// <summary>Whether to search the graph or to compare every allowed row, and how widely.</summary>
/// <param name="Width">Of a search of the graph.</param>
/// <param name="MaxComparisons">At which comparing every allowed row would have been done, too.</param>
internal readonly record struct SearchPlan(bool UsesGraph, int Width, long MaxComparisons)
{
    // Of 10 wanted rows of 60,000 this finds .997, of 200 wanted ones a quarter more than these finds .993.
    private const int MinWidth = 64;

    // Measured on 60,000 rows of 384 dimensions: in the time that one more row of width takes, 40 rows can be compared
    // one after the other, and 2 while one is compared in the graph, where the next one is never where the last was.
    private const double ScannedRowsPerWidth = 40;
    private const int ScannedRowsPerComparison = 2;

    // A search among a tenth of the rows takes not ten but five to six times as long: the more it passes through, the
    // more of what it meets is already known.
    private const double ShareExponent = 0.75;

    /// <param name="wanted">Rows that the result has room for.</param>
    public static SearchPlan For(int rowCount, int allowedCount, int wanted)
    {
        var width = Math.Max(MinWidth, wanted + (wanted / 4));
        var usesGraph = allowedCount > 0
            && width * ScannedRowsPerWidth * Math.Pow(rowCount / (double)allowedCount, ShareExponent) < allowedCount;
        return new SearchPlan(usesGraph, width, allowedCount / ScannedRowsPerComparison);
    }
}
