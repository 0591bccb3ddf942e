namespace RagPlatform.Numerics;

/// <summary>How a floating-point tensor is stored.</summary>
public enum ElementType
{
    Float32,
    Float16,

    /// <summary>The upper half of an fp32.</summary>
    BFloat16,
}
