using System.Buffers;
using System.Text.RegularExpressions;
using Markdig;

namespace RagPlatform.Documents;

/// <summary>A Markdown heading as plain text: "The **`rag`** [command](cli.md)" to "The rag command".</summary>
internal static partial class HeadingText
{
    /// <summary>Longer ones are not headings to us; their inlines are not worth parsing.</summary>
    private const int MaxMarkupCharacters = 1024;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().Build();

    private static readonly SearchValues<char> Markup = SearchValues.Create("*_`[]<>&\\!");

    /// <param name="heading">"## Heading" or "## Heading ##".</param>
    public static string FromAtx(string heading)
    {
        var markup = heading.AsSpan().TrimStart('#').Trim();
        var withoutClosing = markup.TrimEnd('#');
        return FromMarkup(withoutClosing.IsEmpty || char.IsWhiteSpace(withoutClosing[^1]) ? withoutClosing : markup);
    }

    /// <param name="heading">Lines of text, the last an underline.</param>
    public static string FromSetext(string heading) => FromMarkup(heading.AsSpan(0, heading.LastIndexOf('\n')));

    private static string FromMarkup(ReadOnlySpan<char> markup)
    {
        var line = LineBreaks.Replace(markup.Trim().ToString(), " ");
        return line.AsSpan().ContainsAny(Markup) && line.Length <= MaxMarkupCharacters
            ? Markdig.Markdown.ToPlainText("# " + line, Pipeline).Trim()
            : line;
    }

    [GeneratedRegex(@"\s*[\r\n]\s*", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LineBreaks { get; }
}
