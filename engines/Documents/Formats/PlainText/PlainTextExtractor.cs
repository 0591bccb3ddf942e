namespace RagPlatform.Documents;

/// <summary>The stored text is the text itself; blank lines separate its paragraphs.</summary>
internal static class PlainTextExtractor
{
    public static ExtractedDocument Extract(string text)
    {
        var blocks = new BlockList();
        var paragraphStart = 0;
        var lineStart = 0;
        while (lineStart < text.Length)
        {
            var newLine = text.AsSpan(lineStart).IndexOf('\n');
            var lineEnd = newLine < 0 ? text.Length : lineStart + newLine;
            if (text.AsSpan(lineStart, lineEnd - lineStart).IsWhiteSpace())
            {
                blocks.Add(BlockKind.Paragraph, text, paragraphStart, lineStart);
                paragraphStart = lineEnd;
            }

            lineStart = lineEnd + 1;
        }

        blocks.Add(BlockKind.Paragraph, text, paragraphStart, text.Length);
        return new ExtractedDocument(text, Title: "", blocks.Blocks);
    }
}
