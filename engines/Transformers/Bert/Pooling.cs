using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Bert;

/// <summary>How a sentence's vector is made of its tokens' (sentence-transformers, 1_Pooling/config.json).</summary>
public enum Pooling
{
    /// <summary>The mean over all tokens, special ones included.</summary>
    Mean,

    /// <summary>The vector of [CLS].</summary>
    FirstToken,

    /// <summary>The largest of each component over all tokens.</summary>
    Max,
}

internal static class PoolingExtensions
{
    /// <summary>A new vector of unit length from hidden states [tokens, width].</summary>
    public static float[] ToSentenceVector(this Pooling pooling, ReadOnlySpan<float> hidden, int width)
    {
        var vector = hidden[..width].ToArray();
        for (var rest = hidden[width..]; pooling != Pooling.FirstToken && !rest.IsEmpty; rest = rest[width..])
        {
            if (pooling == Pooling.Mean)
            {
                // The sum points where the mean does, and only the direction is kept.
                VectorMath.Add(vector, rest[..width]);
            }
            else
            {
                TakeLarger(vector, rest);
            }
        }
        VectorMath.NormalizeToUnitLength(vector);
        return vector;
    }

    private static void TakeLarger(Span<float> vector, ReadOnlySpan<float> other)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = Math.Max(vector[i], other[i]);
        }
    }
}
