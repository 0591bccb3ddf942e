using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Retrieving.Loss;

/// <summary>Rows brought to length 1, u = v / |v|, with the way back for gradients. A row of zeros stays as it is.</summary>
internal sealed class UnitVectors
{
    private readonly float[] lengths;

    /// <param name="vectors">[rows, stride], row-major.</param>
    /// <param name="stride">Length of a row.</param>
    /// <param name="width">Components of a row that are taken, from its first; at most the stride.</param>
    public UnitVectors(ReadOnlySpan<float> vectors, int stride, int width)
    {
        Width = width;
        Rows = vectors.Length / stride;
        lengths = new float[Rows];
        Values = new float[Rows * width];
        for (var row = 0; row < Rows; row++)
        {
            var unit = Row(row);
            vectors.Slice(row * stride, width).CopyTo(unit);
            lengths[row] = MathF.Sqrt(VectorMath.Dot(unit, unit));
            if (lengths[row] > 0)
            {
                VectorMath.Scale(unit, 1 / lengths[row]);
            }
        }
    }

    public int Rows { get; }

    public int Width { get; }

    /// <summary>[rows, width].</summary>
    public float[] Values { get; }

    public Span<float> Row(int row) => Values.AsSpan(row * Width, Width);

    /// <summary>dL/dv = (g - (g·u) u) / |v|, added to the first components of each row.</summary>
    /// <param name="unitGradients">g, [rows, width].</param>
    /// <param name="gradients">[rows, stride].</param>
    /// <param name="stride">Length of a row of <paramref name="gradients"/>.</param>
    public void AddGradient(ReadOnlySpan<float> unitGradients, Span<float> gradients, int stride)
    {
        for (var row = 0; row < Rows; row++)
        {
            if (lengths[row] == 0)
            {
                continue;
            }
            var unit = Row(row);
            var from = unitGradients.Slice(row * Width, Width);
            var to = gradients.Slice(row * stride, Width);
            VectorMath.AddScaled(to, 1 / lengths[row], from);
            VectorMath.AddScaled(to, -VectorMath.Dot(from, unit) / lengths[row], unit);
        }
    }
}
