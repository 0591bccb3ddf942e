namespace RagPlatform.Transformers;

/// <summary>How exactly a model computes.</summary>
public enum WeightPrecision
{
    /// <summary>Weights and activations in fp32.</summary>
    Full,

    /// <summary>
    /// Linear layers multiply activations of 8 bits, with a range per token, by weights of few bits, with a step per block
    /// (<see cref="Numerics.QuantizedMatrix"/>: a model published in int4 keeps its weights exactly); everything between
    /// them stays fp32. Near the full precision's vectors, not equal to them.
    /// </summary>
    Mixed,
}
