namespace RagPlatform.Numerics.Lanes;

/// <summary>
/// A SIMD register of fp32 lanes. Kernels are written once over this and compiled once per register width;
/// which width runs is decided by the JIT from <see cref="IsAccelerated"/>, a constant on any one machine.
/// </summary>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The machine has registers of this width and fused multiply-add on them.</summary>
    static abstract bool IsAccelerated { get; }

    /// <summary>Number of fp32 lanes.</summary>
    static abstract int Width { get; }

    static abstract TSelf Splat(float value);

    /// <summary>The lanes from source[index] on. Unchecked.</summary>
    static abstract TSelf Load(ref readonly float source, nuint index);

    /// <summary>Writes the lanes from destination[index] on. Unchecked.</summary>
    static abstract void Store(TSelf value, ref float destination, nuint index);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Min(TSelf left, TSelf right);

    static abstract TSelf Max(TSelf left, TSelf right);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf CopySign(TSelf value, TSelf sign);

    /// <summary>To the nearest whole number.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>2^exponent for whole exponents from -126 to 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf exponent);

    static abstract float Sum(TSelf value);

    static abstract float Highest(TSelf value);
}
