namespace RagPlatform.Answers;

/// <summary>A retrieved piece of a document, as the answerer reads it.</summary>
/// <param name="DocumentKey">The same for all passages of one stored text: what overlapping passages share is read once.</param>
/// <param name="Text">Verbatim from the stored text; Markdown is read as such.</param>
/// <param name="Start">Where the text begins in the stored text, in UTF-16 code units.</param>
/// <param name="HeadingPath">Outermost first; may be empty.</param>
/// <param name="Similarity">Cosine of the whole passage with the question, -1 to 1.</param>
public sealed record Passage(string DocumentKey, string Text, int Start, IReadOnlyList<string> HeadingPath, double Similarity);
