using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>A norm's gain.</summary>
internal sealed class TrainedNorm
{
    /// <param name="weights">The base's.</param>
    /// <param name="name">Of its tensor.</param>
    /// <param name="size">Its length.</param>
    /// <param name="tuning">Whether it is trained.</param>
    public TrainedNorm(IWeights weights, string name, int size, DecoderTuning tuning)
    {
        (Name, Gain) = (name, weights.Read(name, size));
        Parameter = tuning.IsFull ? new Parameter(name, Gain, size, decays: false) : null;
    }

    public string Name { get; }

    public float[] Gain { get; }

    /// <summary>Over the gain; null where it is not trained.</summary>
    public Parameter? Parameter { get; }
}
