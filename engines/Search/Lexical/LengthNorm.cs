namespace RagPlatform.Search.Lexical;

/// <summary>
/// The part of BM25 that depends on a row's length: a term of weight w and frequency f adds
/// w f / (f + <see cref="Constant"/> + <see cref="Slope"/> · length).
/// </summary>
internal readonly record struct LengthNorm(float Constant, float Slope)
{
    /// <param name="meanLength">Of the live rows; where it is not above 0 no length counts.</param>
    public static LengthNorm Of(Bm25 bm25, double meanLength) => meanLength > 0
        ? new LengthNorm(bm25.K1 * (1 - bm25.B), (float)(bm25.K1 * bm25.B / meanLength))
        : new LengthNorm(bm25.K1, 0);

    public float Saturation(int frequency, int length) => frequency / (frequency + Constant + (Slope * length));
}
