namespace RagPlatform.Numerics.Lanes;

/// <summary>
/// A running sum of products of signed bytes in a SIMD register, as <see cref="ILanes{TSelf}"/> is for fp32: kernels are
/// written once and compiled once per instruction set. Up to 2^16 products of any bytes are summed exactly.
/// </summary>
internal interface ICodeLanes<TSelf>
    where TSelf : struct, ICodeLanes<TSelf>
{
    /// <summary>The machine has the instructions.</summary>
    static abstract bool IsAccelerated { get; }

    /// <summary>Number of bytes that one step takes from either side.</summary>
    static abstract int Width { get; }

    /// <summary>sum + left[index..]·right[index..], one step wide. Unchecked.</summary>
    static abstract TSelf MultiplyAdd(TSelf sum, ref readonly sbyte left, ref readonly sbyte right, nuint index);

    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Over the lanes.</summary>
    static abstract int Sum(TSelf value);
}
