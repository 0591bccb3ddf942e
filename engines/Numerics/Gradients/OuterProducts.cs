using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// C[columns of A, columns of B] += Aᵀ·B, summed over the rows of both in their order: a linear layer's weight gradient
/// from its output's gradients and its inputs. By tiles of B's columns, which threads share; a tile's result does not
/// depend on who computes it.
/// </summary>
public static unsafe class OuterProducts
{
    /// <summary>Rows summed at a time, so that a tile of B stays in the second cache.</summary>
    private const int DepthBlock = 512;

    /// <summary>Columns of B in a tile.</summary>
    public static int TileColumns =>
        Lanes512.IsAccelerated ? 2 * Lanes512.Width : Lanes256.IsAccelerated ? 2 * Lanes256.Width : Lanes128.IsAccelerated ? 2 * Lanes128.Width : 1;

    /// <summary>Tiles of so many columns.</summary>
    public static int TilesOf(int columns) => (columns + TileColumns - 1) / TileColumns;

    /// <summary>Adds one tile's columns to C.</summary>
    /// <param name="a">Row k at k·aStride, of <paramref name="aColumns"/> numbers.</param>
    /// <param name="aStride">At least <paramref name="aColumns"/>.</param>
    /// <param name="aColumns">Rows of C.</param>
    /// <param name="b">Row k at k·bStride, of <paramref name="bColumns"/> numbers.</param>
    /// <param name="bStride">At least <paramref name="bColumns"/>.</param>
    /// <param name="bColumns">Columns of C.</param>
    /// <param name="depth">Rows of A and B.</param>
    /// <param name="c">Row i at i·cStride.</param>
    /// <param name="cStride">At least <paramref name="bColumns"/>.</param>
    /// <param name="tile">Below <see cref="TilesOf"/> B's columns.</param>
    /// <exception cref="ArgumentException">A stride is too small or a span too short.</exception>
    public static void Add(
        ReadOnlySpan<float> a, int aStride, int aColumns, ReadOnlySpan<float> b, int bStride, int bColumns, int depth,
        Span<float> c, int cStride, int tile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(aStride, aColumns);
        ArgumentOutOfRangeException.ThrowIfLessThan(bStride, bColumns);
        ArgumentOutOfRangeException.ThrowIfLessThan(cStride, bColumns);
        ArgumentOutOfRangeException.ThrowIfNegative(tile);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tile, TilesOf(bColumns));
        if (depth == 0 || aColumns == 0)
        {
            return;
        }
        MatrixMultiply.ThrowIfShort(a.Length, depth, aStride, aColumns, nameof(a));
        MatrixMultiply.ThrowIfShort(b.Length, depth, bStride, bColumns, nameof(b));
        MatrixMultiply.ThrowIfShort(c.Length, aColumns, cStride, bColumns, nameof(c));
        var first = tile * TileColumns;
        var columns = Math.Min(TileColumns, bColumns - first);
        if (columns < TileColumns || TileColumns == 1)
        {
            AddEdge(a, aStride, aColumns, b[first..], bStride, columns, depth, c[first..], cStride);
            return;
        }
        fixed (float* a0 = a, b0 = b, c0 = c)
        {
            for (var row = 0; row < depth; row += DepthBlock)
            {
                var rows = Math.Min(DepthBlock, depth - row);
                float* from = a0 + (long)row * aStride, right = b0 + (long)row * bStride + first;
                for (int i = 0, done; i < aColumns; i += done)
                {
                    done = AddTile(from + i, aStride, right, bStride, rows, c0 + (long)i * cStride + first, cStride, aColumns - i);
                }
            }
        }
    }

    internal static int AddTile(float* a, nint aStride, float* b, nint bStride, int depth, float* c, nint cStride, int left) =>
        Lanes512.IsAccelerated ? OuterKernels.Run<Lanes512>(a, aStride, b, bStride, depth, c, cStride, left)
        : Lanes256.IsAccelerated ? OuterKernels.Run<Lanes256>(a, aStride, b, bStride, depth, c, cStride, left)
        : OuterKernels.Run<Lanes128>(a, aStride, b, bStride, depth, c, cStride, left);

    private static void AddEdge(
        ReadOnlySpan<float> a, int aStride, int aColumns, ReadOnlySpan<float> b, int bStride, int bColumns, int depth, Span<float> c, int cStride)
    {
        for (var row = 0; row < depth; row++)
        {
            for (var i = 0; i < aColumns; i++)
            {
                VectorMath.AddScaled(c.Slice(i * cStride, bColumns), a[row * aStride + i], b.Slice(row * bStride, bColumns));
            }
        }
    }

    internal static void AddScalar(
        ReadOnlySpan<float> a, int aStride, int aColumns, ReadOnlySpan<float> b, int bStride, int bColumns, int depth, Span<float> c, int cStride)
    {
        for (var row = 0; row < depth; row++)
        {
            var right = b.Slice(row * bStride, bColumns);
            for (var i = 0; i < aColumns; i++)
            {
                var factor = a[row * aStride + i];
                var to = c.Slice(i * cStride, bColumns);
                for (var j = 0; j < right.Length; j++)
                {
                    to[j] += factor * right[j];
                }
            }
        }
    }
}
