namespace RagPlatform.Embedding.Features.Embed;

/// <summary>What is to be embedded: texts as they are, or passages as the bus's chunks are; one of the two lists is empty.</summary>
internal sealed record EmbedInput(IReadOnlyList<string> Texts, IReadOnlyList<EmbedPassage> Passages);

/// <param name="Title">The document's; may be empty.</param>
/// <param name="HeadingPath">Outermost first.</param>
/// <param name="Text">The passage's own text.</param>
internal sealed record EmbedPassage(string Title, IReadOnlyList<string> HeadingPath, string Text);
