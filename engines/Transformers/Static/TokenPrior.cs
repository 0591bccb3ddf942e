using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Static;

/// <summary>
/// Where the regression begins, and what remains of tokens that the sample does not have: the sample's mean vector plus
/// what sets the encoder's vector of the token alone apart from those of others, as far as that tells texts apart.
/// </summary>
internal static class TokenPrior
{
    /// <summary>[tokens, width]: mean target + scale · (token's vector − mean of these), the scale by least squares over the sample.</summary>
    public static float[] Fit(IReadOnlyList<float[]> tokenVectors, TokenShares shares, IReadOnlyList<float[]> targets)
    {
        var width = targets[0].Length;
        var target = Mean(targets);
        var token = Mean(tokenVectors);
        var scale = Scale(tokenVectors, token, shares, targets, target);
        var prior = new float[tokenVectors.Count * width];
        for (var id = 0; id < tokenVectors.Count; id++)
        {
            var row = prior.AsSpan(id * width, width);
            target.CopyTo(row);
            VectorMath.AddScaled(row, scale, tokenVectors[id]);
            VectorMath.AddScaled(row, -scale, token);
        }

        return prior;
    }

    private static float Scale(
        IReadOnlyList<float[]> tokenVectors, float[] meanToken, TokenShares shares, IReadOnlyList<float[]> targets, float[] meanTarget)
    {
        var (product, square) = (0.0, 0.0);
        var text = new float[meanToken.Length];
        var wanted = new float[meanToken.Length];
        for (var i = 0; i < shares.Texts; i++)
        {
            Array.Clear(text);
            for (var entry = shares.Starts[i]; entry < shares.Starts[i + 1]; entry++)
            {
                VectorMath.AddScaled(text, shares.Shares[entry], tokenVectors[shares.TokenIds[shares.Columns[entry]]]);
            }

            VectorMath.AddScaled(text, -1, meanToken);
            targets[i].CopyTo(wanted, 0);
            VectorMath.AddScaled(wanted, -1, meanTarget);
            product += VectorMath.Dot(text, wanted);
            square += VectorMath.Dot(text, text);
        }

        return square > 0 ? (float)(product / square) : 0;
    }

    private static float[] Mean(IReadOnlyList<float[]> vectors)
    {
        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
        {
            VectorMath.Add(mean, vector);
        }

        VectorMath.Scale(mean, 1f / vectors.Count);
        return mean;
    }
}
