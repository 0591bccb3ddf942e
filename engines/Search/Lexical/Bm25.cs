namespace RagPlatform.Search.Lexical;

/// <summary>
/// BM25 with an inverse document frequency that is never negative.
/// Source: S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; idf as in Lucene.
/// </summary>
/// <param name="K1">How soon repetition stops counting, at least 0.</param>
/// <param name="B">How much length is held against a chunk, 0 to 1.</param>
public readonly record struct Bm25(float K1, float B)
{
    /// <summary>Chosen on four judged sets, each judged without a say (bench/Quality, retrieval-settings).</summary>
    public static readonly Bm25 Default = new(0.9f, 0.75f);

    /// <summary>ln(1 + (N - n + 0.5) / (n + 0.5)), N chunks of which n hold the term.</summary>
    public static float InverseDocumentFrequency(double count, double withTerm) =>
        (float)Math.Log(1 + ((count - withTerm + 0.5) / (withTerm + 0.5)));

    /// <summary>f (k1 + 1) / (f + k1 (1 - b + b length / mean length)).</summary>
    public float Saturation(int frequency, int length, float meanLength) =>
        frequency * (K1 + 1) / (frequency + (K1 * (1 - B + (B * length / meanLength))));
}
