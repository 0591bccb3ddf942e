namespace RagPlatform.Numerics.Lanes;

/// <summary>
/// A SIMD register of fp32 lanes. Kernels are written once over this and compiled once per register width;
/// which width runs is decided by the JIT from <see cref="IsAccelerated"/>, a constant on any one machine.
/// </summary>
/// <remarks>
/// Kernels carry AggressiveOptimization: unoptimised first-tier code calls a method per operation, a hundred times
/// slower, and a loop could run there for its first seconds.
/// </remarks>
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

    /// <summary>The fp16 lanes from source[index] on, widened exactly; infinity and NaN come out as finite numbers. Unchecked.</summary>
    static abstract TSelf LoadFloat16(ref readonly ushort source, nuint index);

    /// <summary>The bf16 lanes from source[index] on, widened exactly. Unchecked.</summary>
    static abstract TSelf LoadBFloat16(ref readonly ushort source, nuint index);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Lane by lane; NaN where the right one is NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>Lane by lane; NaN where the right one is NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>To the nearest whole number.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>2^exponent for whole exponents from -126 to 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf exponent);

    /// <summary>value · 2^exponent for whole exponents from -126 to 127.</summary>
    static abstract TSelf Scale(TSelf value, TSelf exponent);

    /// <summary>Sum over the lanes.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>Largest lane; any where one is NaN.</summary>
    static abstract float Highest(TSelf value);
}
