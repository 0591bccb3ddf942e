namespace RagPlatform.Documents;

/// <summary>
/// The stored text is the source itself, so that a quote is code that can be found in the file. It is cut between declarations, the
/// comments above one staying with it, and each block knows the types and the function it stands in. The scan is one for all
/// languages and reads no grammar: where it is misled, blocks are longer and paths shorter, and no character is lost.
/// </summary>
internal static class SourceCodeExtractor
{
    public static ExtractedDocument Extract(string text, SourceLanguage language, string title, CancellationToken cancellationToken)
    {
        var blocks = new BlockList();
        var segments = language.Layout switch
        {
            SourceLayout.Braces => new BraceScan(text, language).Segments(),
            SourceLayout.Indents => new IndentScan(text, language).Segments(),
            SourceLayout.Sections => LineScan.Sections(text),
            SourceLayout.Keys => LineScan.Keys(text),
            _ => LineScan.Paragraphs(text),
        };
        foreach (var segment in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            blocks.Add(BlockKind.Code, text, segment.Start, segment.End, segment.Path);
        }

        return new ExtractedDocument(text, title, blocks.Blocks)
        {
            Properties = new DocumentProperties { Metadata = new Dictionary<string, string> { [SourceLanguage.MetadataKey] = language.Name } },
        };
    }
}

/// <summary>Lines that belong together.</summary>
/// <param name="Start">Offset into the text, inclusive.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Path">Names of what they stand in, outermost first.</param>
internal readonly record struct SourceSegment(int Start, int End, IReadOnlyList<string> Path)
{
    /// <summary>Types and functions deeper inside one another are not followed; people write five.</summary>
    public const int MaxPathNames = 16;
}
