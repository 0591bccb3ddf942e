using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Static;

/// <summary>
/// A vector for every token of a vocabulary. A text's vector is their mean's direction, so that what a token counts for
/// is in its vector's length: the layout of Model2Vec (Tulkens and van Dongen 2024).
/// </summary>
/// <param name="Values">[tokens, dimension], row-major.</param>
/// <param name="Dimension">At least 1.</param>
public sealed record StaticTable(float[] Values, int Dimension)
{
    public int Tokens => Values.Length / Dimension;

    /// <summary>The direction of the tokens' sum, of unit length. Where nothing is left of it, the first axis: every text has a direction.</summary>
    /// <param name="ids">Each below <see cref="Tokens"/>.</param>
    internal float[] ToVector(ReadOnlySpan<int> ids)
    {
        var vector = new float[Dimension];
        foreach (var id in ids)
        {
            VectorMath.Add(vector, Values.AsSpan(id * Dimension, Dimension));
        }

        VectorMath.NormalizeToUnitLength(vector);
        if (VectorMath.Dot(vector, vector) is not > 0.5f)
        {
            Array.Clear(vector);
            vector[0] = 1;
        }

        return vector;
    }

    /// <summary>Lets a token count for nothing.</summary>
    internal void Silence(int id) => Values.AsSpan(id * Dimension, Dimension).Clear();
}
