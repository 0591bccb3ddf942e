using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>What is done to a product's elements last.</summary>
public enum Activation
{
    None,

    /// <summary>As <see cref="VectorMath.Gelu"/>.</summary>
    Gelu,
}

/// <summary>Bias and activation on a part of a product that has just been computed, while it is in the nearest cache.</summary>
/// <param name="bias">[columns of the product]; null for none.</param>
internal readonly unsafe struct ProductFinish(float* bias, Activation activation)
{
    private readonly float* _bias = bias;
    private readonly Activation _activation = activation;

    /// <summary>Replaces each c by activation(c + bias).</summary>
    /// <param name="c">[rows, columns], row r at r·cStride.</param>
    /// <param name="firstColumn">The product's column that c begins with.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TLanes>(float* c, nint cStride, int rows, int firstColumn, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        if (_bias != null || _activation != Activation.None)
        {
            ApplyEach<TLanes>(c, cStride, rows, firstColumn, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void ApplyEach<TLanes>(float* c, nint cStride, int rows, int firstColumn, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        var shift = _bias == null ? null : _bias + firstColumn;
        var gelu = _activation == Activation.Gelu;
        var whole = columns / TLanes.Width * TLanes.Width;
        for (var row = 0; row < rows; row++, c += cStride)
        {
            for (var i = 0; i < whole; i += TLanes.Width)
            {
                var value = TLanes.Load(ref *c, (nuint)i);
                value = shift == null ? value : value + TLanes.Load(ref *shift, (nuint)i);
                TLanes.Store(gelu ? GaussianError.Gelu(value) : value, ref *c, (nuint)i);
            }
            if (whole < columns)
            {
                ApplyScalar(c + whole, firstColumn + whole, columns - whole);
            }
        }
    }

    public void ApplyScalar(float* c, int firstColumn, int columns)
    {
        for (var i = 0; _bias != null && i < columns; i++)
        {
            c[i] += _bias[firstColumn + i];
        }
        if (_activation == Activation.Gelu)
        {
            VectorMath.GeluScalar(new Span<float>(c, columns));
        }
    }
}
