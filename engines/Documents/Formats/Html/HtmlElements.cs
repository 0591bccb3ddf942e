using System.Collections.Frozen;
using AngleSharp.Html.Parser;

namespace RagPlatform.Documents;

/// <summary>What an element's name means for its text.</summary>
internal static class HtmlElements
{
    /// <summary>Their content is not readable text of the page.</summary>
    private static readonly FrozenSet<string> Skipped = FrozenSet.Create(
        StringComparer.Ordinal,
        "script", "style", "nav", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video",
        "select", "textarea", "button", "noembed", "noframes", "dialog");

    /// <summary>They begin and end a block.</summary>
    private static readonly FrozenSet<string> BlockLevel = FrozenSet.Create(
        StringComparer.Ordinal,
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
        "legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul");

    /// <summary>Elements whose end closes whatever is still open inside them.</summary>
    private static readonly FrozenSet<string> Containers = FrozenSet.Create(
        StringComparer.Ordinal,
        "article", "aside", "body", "div", "footer", "header", "html", "li", "main", "section", "table", "td");

    /// <summary>Of those that are read; longer ones count as not there.</summary>
    public const int MaxAttributeCharacters = 2048;

    private static readonly FrozenSet<string> ReadAttributes = FrozenSet.Create(
        StringComparer.Ordinal,
        "alt", "aria-hidden", "class", "colspan", "content", "hidden", "href", "http-equiv", "id", "itemprop", "lang", "name", "property", "role", "rowspan", "start", "style");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ReadAttributeLookup = ReadAttributes.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool IsReadAttribute(ReadOnlySpan<char> name) => ReadAttributeLookup.Contains(name);

    public static bool IsTablePart(string name) => name is "table" or "thead" or "tbody" or "tfoot" or "tr" or "caption" || HeadingLevel(name) > 0;

    public static bool IsSkipped(string name) => Skipped.Contains(name);

    public static bool IsBlockLevel(string name) => BlockLevel.Contains(name);

    /// <summary>Block-level elements without a structure of their own: in a table's cell they only separate words.</summary>
    public static bool IsPlainInCell(string name) =>
        name is "p" or "div" or "center" or "address" or "section" or "figure" or "figcaption" or "caption";

    public static bool IsContainer(string name) => Containers.Contains(name);

    /// <summary>1 to 6 for h1 to h6, else 0.</summary>
    public static int HeadingLevel(string name) => name is ['h', >= '1' and <= '6'] ? name[1] - '0' : 0;

    /// <summary>How the tokenizer is to read what follows the start tag; the HTML standard, section 13.2.6.</summary>
    public static HtmlParseMode ContentMode(string name) => name switch
    {
        "script" => HtmlParseMode.Script,
        "style" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
        "title" or "textarea" => HtmlParseMode.RCData,
        "plaintext" => HtmlParseMode.Plaintext,
        _ => HtmlParseMode.PCData,
    };
}
