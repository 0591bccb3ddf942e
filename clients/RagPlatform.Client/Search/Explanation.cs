namespace RagPlatform.Client;

/// <summary>Why a hit stands where it stands.</summary>
public sealed record Explanation
{
    /// <summary>BM25.</summary>
    public required ArmExplanation Lexical { get; init; }
    public required ArmExplanation Vector { get; init; }
    /// <summary>By contribution, the largest first.</summary>
    public required IReadOnlyList<MatchedTerm> Terms { get; init; }
    /// <summary>For a title that better hits mention.</summary>
    public required double TitleLinkBonus { get; init; }
    /// <summary>For what the chunks most like it score; may be below 0.</summary>
    public required double Smoothing { get; init; }
    /// <summary>The request's conditions, in their order.</summary>
    public required IReadOnlyList<FilterDecision> Filters { get; init; }
    /// <summary>0 when there was no reordering.</summary>
    public required int RankBeforeDiversity { get; init; }
    /// <summary>How its vector was found: "exact" or "hnsw".</summary>
    public required string Index { get; init; }
    /// <summary>Null where nothing was reranked.</summary>
    public RerankExplanation? Rerank { get; init; }
}

/// <summary>What a model that read the query and the hit together made of it.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Logit">Its own number; the hit's score is 1 / (1 + e^-logit).</param>
/// <param name="RankBefore">From 1.</param>
/// <param name="ScoreBefore">Fused, 0 to 1.</param>
/// <param name="UnseenTokens">Of the query and the passage, past the model's limit.</param>
public sealed record RerankExplanation(string Model, double Logit, int RankBefore, double ScoreBefore, int UnseenTokens);

/// <summary>What one arm had to say of a hit.</summary>
/// <param name="Rank">From 1; 0 when the arm did not propose it.</param>
/// <param name="Score">BM25 or cosine.</param>
/// <param name="Normalized">0 to 1, as the fusion saw it.</param>
/// <param name="Weight">Of the arm, 0 to 1.</param>
/// <param name="Contribution">To the hit's score.</param>
public sealed record ArmExplanation(int Rank, double Score, double Normalized, double Weight, double Contribution);

/// <summary>A term of the query that the chunk holds.</summary>
/// <param name="Term">As the index holds it.</param>
/// <param name="QueryWord">That led to it.</param>
/// <param name="Frequency">In the chunk, fields weighted.</param>
/// <param name="InverseDocumentFrequency">The rarer the term, the larger.</param>
/// <param name="Contribution">To the BM25 score.</param>
public sealed record MatchedTerm(string Term, string QueryWord, int Frequency, double InverseDocumentFrequency, double Contribution);

/// <summary>One condition of the filter and the document's value for it.</summary>
/// <param name="Condition">For example "year &gt;= 2020".</param>
/// <param name="Value">The document's; empty when it has none.</param>
/// <param name="Holds">Whether the condition does.</param>
public sealed record FilterDecision(string Condition, string Value, bool Holds);
