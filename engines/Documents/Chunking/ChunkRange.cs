namespace RagPlatform.Documents;

/// <summary>A chunk before anything is known of what it stands under.</summary>
/// <param name="Start">UTF-16 offset into the stored text, inclusive.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Tokens">Of the range, at most the budget.</param>
internal readonly record struct ChunkRange(int Start, int End, int Tokens);
