namespace RagPlatform.Numerics.Lanes;

/// <summary>
/// A SIMD register of bytes for products of unsigned activations by signed weights, as <see cref="ILanes{TSelf}"/> is for
/// fp32. A step takes 4 bytes of one row's depth and the same depth of as many columns as <typeparamref name="TFloat"/>
/// has lanes, laid out column by column.
/// </summary>
/// <remarks>
/// Sums may be held in 16 bits. They are exact for 8 steps of weights from -8 to 8 and for 2 steps of weights from -32 to
/// 32: 2 · 255 · 8 · 8 = 2 · 255 · 32 · 2 = 32,640.
/// </remarks>
internal unsafe interface IByteLanes<TSelf, TFloat>
    where TSelf : struct, IByteLanes<TSelf, TFloat>
    where TFloat : struct, ILanes<TFloat>
{
    /// <summary>The machine has the instructions.</summary>
    static abstract bool IsAccelerated { get; }

    /// <summary>What the instructions take every activation less by: 128 where they know signed bytes only.</summary>
    static abstract int ActivationOffset { get; }

    /// <summary>4 activations for every column.</summary>
    static abstract TSelf Splat(byte* activations);

    /// <summary>4 weights of each column.</summary>
    static abstract TSelf Load(sbyte* weights);

    /// <summary>activations·weights.</summary>
    static abstract TSelf Multiply(TSelf activations, TSelf weights);

    /// <summary>sums + activations·weights.</summary>
    static abstract TSelf MultiplyAdd(TSelf sums, TSelf activations, TSelf weights);

    /// <summary>The columns' sums.</summary>
    static abstract TFloat ToSingle(TSelf sums);

    /// <summary>Whole numbers from 0 to 255 as bytes.</summary>
    static abstract void StoreCodes(TFloat codes, byte* to);
}
