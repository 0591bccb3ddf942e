namespace RagPlatform.Numerics.Lanes;

/// <summary>
/// How fp16 becomes fp32 without a conversion instruction: sign and magnitude are shifted to where fp32 has them,
/// which leaves the exponent 112 too low, and one multiplication lifts it; that is exact, subnormal numbers included.
/// </summary>
internal static class Float16
{
    public const int MagnitudeShift = 13;

    /// <summary>fp32's sign, and the 15 bits that the shift fills.</summary>
    public const int Mask = unchecked((int)0x8FFF_E000);

    /// <summary>2^112.</summary>
    public const float Rescale = 5.192296858534828e33f;
}
