namespace RagPlatform.Search;

/// <summary>Hits, best first, and where the time went.</summary>
public sealed record SearchResult(IReadOnlyList<SearchHit> Hits, SearchTimings Timings);

/// <param name="Document">The hit's version, without its chunks.</param>
/// <param name="Chunk">Without its vector.</param>
/// <param name="Score">Fused, 0 to 1.</param>
/// <param name="LexicalScore">BM25; 0 when no term matched.</param>
/// <param name="VectorScore">Cosine, -1 to 1; 0 when the query had no vector.</param>
/// <param name="Explanation">When the query asked for one.</param>
public sealed record SearchHit(
    IndexedDocument Document, IndexedChunk Chunk, double Score, float LexicalScore, float VectorScore, Explanation? Explanation);

/// <summary>The stages in the order they ran.</summary>
public readonly record struct SearchTimings(TimeSpan Filter, TimeSpan Lexical, TimeSpan Vectors, TimeSpan Fusion);

/// <summary>Why a hit stands where it stands.</summary>
/// <param name="Terms">By contribution, the largest first.</param>
/// <param name="TitleLinkBonus">For a title that better hits mention.</param>
/// <param name="Smoothing">For what the chunks most like it score; may be below 0.</param>
/// <param name="Filters">The query's conditions, in their order.</param>
/// <param name="RankBeforeDiversity">From 1; 0 when there was no reordering.</param>
/// <param name="Index">How its vector was found: "exact" or "hnsw".</param>
public sealed record Explanation(
    ArmExplanation Lexical, ArmExplanation Vector, IReadOnlyList<MatchedTerm> Terms, double TitleLinkBonus, double Smoothing,
    IReadOnlyList<FilterDecision> Filters, int RankBeforeDiversity, string Index);

/// <param name="Rank">From 1; 0 when the arm did not propose the chunk.</param>
/// <param name="Normalized">0 to 1, as the fusion saw it.</param>
public sealed record ArmExplanation(int Rank, double Score, double Normalized, double Weight, double Contribution);

/// <param name="Term">As the index holds it.</param>
/// <param name="QueryWord">That led to it.</param>
/// <param name="Frequency">In the chunk, fields weighted.</param>
/// <param name="Contribution">To the BM25 score.</param>
public sealed record MatchedTerm(string Term, string QueryWord, int Frequency, double InverseDocumentFrequency, double Contribution);

/// <param name="Condition">For people, e.g. "year >= 2020".</param>
/// <param name="Value">The document's; empty when it has none.</param>
public sealed record FilterDecision(string Condition, string Value, bool Holds);

/// <summary>Documents by the values of a field.</summary>
/// <param name="Values">By count, then value.</param>
/// <param name="DistinctValues">Also those left out.</param>
public sealed record Facet(string Field, IReadOnlyList<FacetValue> Values, int DistinctValues);

public sealed record FacetValue(string Value, int DocumentCount);
