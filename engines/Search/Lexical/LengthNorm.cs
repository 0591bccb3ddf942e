using System.Numerics;
using System.Runtime.InteropServices;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// The part of BM25 that depends on a row's length: a term of weight w and frequency f adds
/// w f / (f + <see cref="Constant"/> + <see cref="Slope"/> · length).
/// </summary>
internal readonly record struct LengthNorm(float Constant, float Slope)
{
    /// <summary>In place of 0, so that a frequency of 0 is worth 0 whatever k1 and b.</summary>
    private const float LeastConstant = 1e-9f;

    /// <param name="meanLength">Of the live rows; where it is not above 0 no length counts.</param>
    public static LengthNorm Of(Bm25 bm25, double meanLength) => meanLength > 0
        ? new LengthNorm(Math.Max(LeastConstant, bm25.K1 * (1 - bm25.B)), (float)(bm25.K1 * bm25.B / meanLength))
        : new LengthNorm(Math.Max(LeastConstant, bm25.K1), 0);

    public float Saturation(int frequency, int length) => frequency / (frequency + Constant + (Slope * length));

    /// <summary>What a frequency is divided by, itself aside, for each row.</summary>
    public void Fill(ReadOnlySpan<int> lengths, Span<float> norms)
    {
        var lengthVectors = MemoryMarshal.Cast<int, Vector<int>>(lengths);
        var normVectors = MemoryMarshal.Cast<float, Vector<float>>(norms);
        var constant = new Vector<float>(Constant);
        for (var i = 0; i < lengthVectors.Length; i++)
        {
            normVectors[i] = constant + (Slope * Vector.ConvertToSingle(lengthVectors[i]));
        }

        for (var i = lengthVectors.Length * Vector<int>.Count; i < lengths.Length; i++)
        {
            norms[i] = Constant + (Slope * lengths[i]);
        }
    }
}
