namespace RagPlatform.Transformers;

/// <summary>How exactly a model computes.</summary>
public enum WeightPrecision
{
    /// <summary>Weights and activations in fp32.</summary>
    Full,

    /// <summary>
    /// A linear layer whose weights are of few bits already, as in a model published in int4, multiplies them exactly by
    /// activations of 8 bits with a range per token (<see cref="Numerics.QuantizedMatrix"/>). Other layers, and everything
    /// between them, stay fp32. Near the full precision's vectors, not equal to them.
    /// </summary>
    Mixed,

    /// <summary>As <see cref="Mixed"/>, with the other layers' weights rounded to 6 bits with a step for each 8.</summary>
    Rounded,
}
