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

/// <summary>Bias and activation of a product. Kernels add the bias; the activation is done on a part of the product while it is in the nearest cache.</summary>
/// <param name="bias">[columns of the product]; null for none.</param>
internal readonly unsafe struct ProductFinish(float* bias, Activation activation)
{
    private readonly float* _bias = bias;
    private readonly Activation _activation = activation;

    /// <summary>A panel's bias; filled up with zeros in <paramref name="room"/> where the panel is wider than what is left of the product.</summary>
    /// <param name="room">[panelWidth].</param>
    public float* PanelBias(int firstColumn, int columns, int panelWidth, float* room)
    {
        if (_bias == null || columns == panelWidth)
        {
            return _bias == null ? null : _bias + firstColumn;
        }
        new Span<float>(room, panelWidth).Clear();
        new ReadOnlySpan<float>(_bias + firstColumn, columns).CopyTo(new Span<float>(room, panelWidth));
        return room;
    }

    /// <summary>Replaces each c by activation(c).</summary>
    /// <param name="c">[rows, columns], row r at r·cStride.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Activate<TLanes>(float* c, nint cStride, int rows, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        if (_activation == Activation.Gelu)
        {
            Gelu<TLanes>(c, cStride, rows, columns);
        }
    }

    /// <summary>Replaces each c by activation(c + bias).</summary>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Gelu<TLanes>(float* c, nint cStride, int rows, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        var whole = columns / TLanes.Width * TLanes.Width;
        for (var row = 0; row < rows; row++, c += cStride)
        {
            for (var i = 0; i < whole; i += TLanes.Width)
            {
                TLanes.Store(GaussianError.Gelu(TLanes.Load(ref *c, (nuint)i)), ref *c, (nuint)i);
            }
            if (whole < columns)
            {
                VectorMath.GeluScalar(new Span<float>(c + whole, columns - whole));
            }
        }
    }
}
