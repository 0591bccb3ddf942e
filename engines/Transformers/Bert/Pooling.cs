using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Bert;

/// <summary>How a sentence's vector is made of its tokens' (sentence-transformers, 1_Pooling/config.json).</summary>
internal enum Pooling
{
    /// <summary>The mean over all tokens, special ones included.</summary>
    Mean,

    /// <summary>The vector of [CLS].</summary>
    FirstToken,
}

internal static class PoolingExtensions
{
    /// <summary>A new vector of unit length from hidden states [tokens, width].</summary>
    public static float[] ToSentenceVector(this Pooling pooling, ReadOnlySpan<float> hidden, int width)
    {
        var vector = hidden[..width].ToArray();
        if (pooling == Pooling.Mean)
        {
            // The sum points where the mean does, and only the direction is kept.
            for (var rest = hidden[width..]; !rest.IsEmpty; rest = rest[width..])
            {
                VectorMath.Add(vector, rest[..width]);
            }
        }
        VectorMath.NormalizeToUnitLength(vector);
        return vector;
    }
}
