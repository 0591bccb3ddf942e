namespace RagPlatform.Transformers.Decoders;

/// <summary>What a decoder keeps its matrices in. Arithmetic is fp32 whatever the storage.</summary>
public enum WeightStorage
{
    /// <summary>As the file stores each: nothing is rounded.</summary>
    AsStored,

    Float32,

    /// <summary>Half the memory of fp32, and up to twice the tokens per second; values beyond 65,504 are refused.</summary>
    Float16,

    /// <summary>Half the memory of fp32, its range and 8 bits of precision.</summary>
    BFloat16,
}
