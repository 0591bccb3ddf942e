namespace RagPlatform.Search.Lexical;

/// <summary>A held term that scores for a query.</summary>
/// <param name="Word">The query's, that led to it.</param>
/// <param name="Weight">What a fully saturated frequency adds to a row's score.</param>
/// <param name="Numbers">For each segment the term's number, or -1.</param>
internal sealed record BoundTerm(string Term, string Word, float InverseDocumentFrequency, float Weight, int[] Numbers);

/// <summary>A condition on rows.</summary>
/// <param name="IsPhrase">The terms must stand at their offsets; else one of them is enough.</param>
internal sealed record BoundCondition(bool Excludes, bool IsPhrase, IReadOnlyList<BoundPhraseTerm> Terms);

internal readonly record struct BoundPhraseTerm(int[] Numbers, int Offset);
