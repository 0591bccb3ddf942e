using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>Which instructions multiply bytes.</summary>
internal enum ByteKernel
{
    Scalar,
    Neon,
    Avx2,
    AvxVnni,
    Avx512,
}

internal static class ByteKernels
{
    /// <summary>
    /// The machine's fastest. The 512-bit one has twice the columns of a step of AVX-VNNI and needs two instructions for it;
    /// where both are, it is the faster by a half (Zen 5).
    /// </summary>
    public static ByteKernel Fastest { get; } =
        ByteLanes512.IsAccelerated ? ByteKernel.Avx512
        : ByteLanesVnni.IsAccelerated ? ByteKernel.AvxVnni
        : ByteLanes256.IsAccelerated ? ByteKernel.Avx2
        : ByteLanes128.IsAccelerated ? ByteKernel.Neon
        : ByteKernel.Scalar;

    /// <summary>Columns that a kernel does at once.</summary>
    public static int PanelWidth(this ByteKernel kernel) => kernel switch
    {
        ByteKernel.Avx512 => 3 * Lanes512.Width,
        ByteKernel.AvxVnni or ByteKernel.Avx2 => 3 * Lanes256.Width,
        ByteKernel.Neon => 3 * Lanes128.Width,
        _ => 1,
    };
}
