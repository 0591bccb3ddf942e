namespace RagPlatform.Transformers;

/// <summary>
/// The text that stands for a chunk in vector search: what the chunk is about, then the chunk.
/// <code>
/// Title
/// Outermost heading > ... > Innermost heading
/// The chunk's own text
/// </code>
/// Where that is more than the model reads, the context gives way, never the chunk's own text: first the outer
/// headings go, then the title, then all of it.
/// </summary>
public static class PassageText
{
    /// <param name="title">The document's; may be empty.</param>
    /// <param name="headingPath">Outermost first; one that repeats the title is left out.</param>
    /// <param name="text">The chunk's own text.</param>
    /// <param name="embedder">The model that will read it.</param>
    public static string Compose(string title, IReadOnlyList<string> headingPath, string text, ITextEmbedder embedder)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        return Compose(title, headingPath, text, embedder.MaxTokens - embedder.Encode(text, TextKind.Passage).Ids.Length, context => embedder.Tokenizer.Count(context));
    }

    /// <param name="title">The document's; may be empty.</param>
    /// <param name="headingPath">Outermost first; one that repeats the title is left out.</param>
    /// <param name="text">The chunk's own text.</param>
    /// <param name="tokensLeft">Room for the context, beside the chunk's own text; none when negative.</param>
    /// <param name="countTokens">Of a context.</param>
    public static string Compose(string title, IReadOnlyList<string> headingPath, string text, int tokensLeft, Func<string, int> countTokens)
    {
        ArgumentNullException.ThrowIfNull(headingPath);
        ArgumentNullException.ThrowIfNull(countTokens);
        var headings = headingPath.Where(heading => !string.IsNullOrWhiteSpace(heading) && heading != title).ToList();
        foreach (var context in Contexts(title, headings))
        {
            if (countTokens(context) <= tokensLeft)
            {
                return $"{context}\n{text}";
            }
        }

        return text;
    }

    /// <summary>From the fullest to the shortest; none when there is neither title nor heading.</summary>
    private static IEnumerable<string> Contexts(string title, List<string> headings)
    {
        var hasTitle = !string.IsNullOrWhiteSpace(title);
        for (var from = 0; from < headings.Count && hasTitle; from++)
        {
            yield return $"{title}\n{Path(headings, from)}";
        }

        for (var from = 0; from < headings.Count; from++)
        {
            yield return Path(headings, from);
        }

        if (hasTitle)
        {
            yield return title;
        }
    }

    private static string Path(List<string> headings, int from) => string.Join(" > ", headings.Skip(from));
}
