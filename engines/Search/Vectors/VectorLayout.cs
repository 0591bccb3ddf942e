using System.Runtime.InteropServices;

namespace RagPlatform.Search.Vectors;

/// <summary>How vectors lie in a segment: rows of fp32 and rows of int8 codes, each row filled up with zeros to whole cache lines.</summary>
internal static class VectorLayout
{
    private const int CacheLineBytes = 64;

    /// <summary>From as many rows on a segment has codes; fewer are compared as they are, as fast.</summary>
    public const int CodesFromRows = 1024;

    /// <summary>Values from the start of one row to the start of the next.</summary>
    public static int FloatStride(int dimension) => Aligned(dimension, CacheLineBytes / sizeof(float));

    /// <summary>Codes from the start of one row to the start of the next.</summary>
    public static int CodeStride(int dimension) => Aligned(dimension, CacheLineBytes);

    private static int Aligned(int count, int unit) => (count + unit - 1) / unit * unit;
}

/// <summary>The section of that name; written to disk as it lies in memory.</summary>
/// <param name="MaxCodeScale">The largest of all rows; 0 without codes.</param>
/// <param name="MaxNorm">The largest length (L2) of a row; 0 without rows.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VectorStatistics(int RowCount, int Dimension, float MaxCodeScale, float MaxNorm);
