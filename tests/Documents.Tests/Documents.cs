using System.Text;

namespace RagPlatform.Documents.Tests;

/// <summary>Short ways to write a document and read its blocks.</summary>
internal static class Documents
{
    public static ExtractedDocument Markdown(string text) => Extract(Encoding.UTF8.GetBytes(text), ContentTypes.Markdown);

    public static ExtractedDocument Html(string text) => Extract(Encoding.UTF8.GetBytes(text), ContentTypes.Html);

    public static ExtractedDocument Plain(string text) => Extract(Encoding.UTF8.GetBytes(text), ContentTypes.PlainText);

    public static ExtractedDocument Extract(byte[] content, string contentType) =>
        new DocumentExtractor().Extract(new DocumentSource(content, contentType), CancellationToken.None);

    /// <summary>"Kind: text" per block, line breaks shown as "⏎".</summary>
    public static string[] Show(this ExtractedDocument document) =>
        [.. document.Blocks.Select(block => $"{block.Kind}: {document.Text[block.Start..block.End].ReplaceLineEndings("⏎")}")];

    /// <summary>A counter like a word-piece tokenizer: four characters a token, words apart.</summary>
    public static int CountTokens(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        var run = 0;
        foreach (var character in text)
        {
            run = char.IsWhiteSpace(character) ? 0 : run + 1;
            tokens += run % 4 == 1 ? 1 : 0;
        }

        return tokens;
    }
}
