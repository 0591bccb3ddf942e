namespace RagPlatform.Numerics.Gradients;

/// <summary>A bias's gradient: the sum over tokens of what comes to a linear layer's outputs.</summary>
public static class ColumnSums
{
    /// <summary>sums[i] += Σ over rows of rows[row, i], in the order of the rows.</summary>
    /// <param name="values">Row r at r·stride.</param>
    /// <param name="stride">At least as long as the sums.</param>
    /// <param name="rows">May be 0.</param>
    /// <param name="sums">[columns].</param>
    /// <exception cref="ArgumentException">The stride is too small or the span too short.</exception>
    public static void Add(ReadOnlySpan<float> values, int stride, int rows, Span<float> sums)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, sums.Length);
        for (var row = 0; row < rows; row++)
        {
            VectorMath.Add(sums, values.Slice(row * stride, sums.Length));
        }
    }
}
