namespace RagPlatform.Search.Fusion;

/// <summary>What a <see cref="Ranking"/> wants to know of candidates. Each is asked for no more of them than it takes.</summary>
public interface ICandidateReader
{
    string ChunkId(int row);

    string DocumentId(int row);

    /// <summary>The document's.</summary>
    string Title(int row);

    string Text(int row);

    /// <summary>Unit length; valid until the next call.</summary>
    ReadOnlySpan<float> Vector(int row);

    /// <summary>BM25 of a candidate that the lexical arm did not propose, 0 if no term matches; NaN: cannot be told.</summary>
    float LexicalScore(int row);

    /// <summary>Cosine of a candidate that the vector arm did not propose; NaN: cannot be told.</summary>
    float VectorScore(int row);
}
