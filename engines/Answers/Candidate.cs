namespace RagPlatform.Answers;

/// <summary>A unit that may be part of the answer, with where it stands.</summary>
/// <param name="PassageIndex">Into the passages that were read.</param>
/// <param name="Unit">Its range in that passage's text.</param>
/// <param name="Text">Its text, verbatim.</param>
/// <param name="Lead">For a code line: the candidate that introduces it, by index; otherwise -1.</param>
/// <param name="EmbeddingText">What the embedding model is to read: the headings above it, what introduces it, itself.</param>
public sealed record Candidate(int PassageIndex, Unit Unit, string Text, int Lead, string EmbeddingText);
