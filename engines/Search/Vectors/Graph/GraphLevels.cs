namespace RagPlatform.Search.Vectors.Graph;

/// <summary>The highest level of each row: geometrically distributed, so that each level has one in <c>links</c> of the rows of the one below.</summary>
internal static class GraphLevels
{
    private const int MaxLevel = 15;

    /// <summary>The same for the same row, always.</summary>
    public static byte Of(int row, int links)
    {
        // SplitMix64 (Steele, Lea and Flood 2014): bits without pattern from a counter.
        var bits = ((ulong)row + 1) * 0x9E37_79B9_7F4A_7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
        bits ^= bits >> 31;
        var uniform = ((bits >> 11) + 1) * (1.0 / (1UL << 53));
        return (byte)Math.Min(MaxLevel, (int)(-Math.Log(uniform) / Math.Log(links)));
    }
}
