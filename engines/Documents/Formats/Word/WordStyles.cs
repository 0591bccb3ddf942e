using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>Paragraph styles of a Word document, each with what it inherits (ECMA-376 part 1, 17.7).</summary>
internal sealed class WordStyles
{
    /// <summary>Styles based on styles; Word allows ten.</summary>
    private const int MaxInheritance = 32;

    /// <summary>Word allows 4,079; paragraphs of further ones are plain.</summary>
    private const int MaxStyles = 50_000;

    private readonly Dictionary<string, WordStyle> _styles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WordStyle> _resolved = new(StringComparer.Ordinal);
    private string _default = "";

    /// <summary>Of runs that name none; empty where none is declared.</summary>
    public string Language { get; private set; } = "";

    public static WordStyles Read(OfficePackage package, string? path)
    {
        var styles = new WordStyles();
        using var part = path is null ? null : package.TryOpen(path);
        while (part is not null && part.Read())
        {
            if (!part.IsStart || part.Name == "styles")
            {
                continue;
            }

            if (part.Name == "style" && styles._styles.Count < MaxStyles)
            {
                styles.Add(part.ReadElement());
            }
            else if (part.Name == "docDefaults")
            {
                styles.Language = OfficeProperties.PrimaryLanguage(
                    part.ReadElement().Child("rPrDefault").Child("rPr").Child("lang").Value("val") ?? "");
            }
            else
            {
                part.Skip();
            }
        }

        return styles;
    }

    /// <param name="id">As a paragraph names it; null for the default style.</param>
    public WordStyle Of(string? id)
    {
        id ??= _default;
        if (!_resolved.TryGetValue(id, out var style))
        {
            style = _styles.GetValueOrDefault(id) ?? WordStyle.None;
            var from = style;
            for (var i = 0; i < MaxInheritance && from.BasedOn is { } parent && _styles.TryGetValue(parent, out from); i++)
            {
                style = style.Inherit(from);
            }

            _resolved[id] = style;
        }

        return style;
    }

    /// <summary>An outline level's value: 0 to 8 for headings, 9 for body text.</summary>
    public static int? OutlineLevel(XElement? paragraphProperties) =>
        int.TryParse(paragraphProperties.Child("outlineLvl").Value("val"), NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : null;

    private void Add(XElement style)
    {
        if (style.Value("type") is not (null or "paragraph" or "numbering") || style.Value("styleId") is not { } id)
        {
            return;
        }

        var properties = style.Child("pPr");
        var name = style.Child("name").Value("val")?.Trim().ToLowerInvariant() ?? "";
        _styles[id] = new WordStyle(id, style.Child("basedOn").Value("val"))
        {
            OutlineLevel = OutlineLevel(properties) ?? HeadingLevel(name),
            NumberingId = properties.Child("numPr").Child("numId").Value("val"),
            NumberingLevel = properties.Child("numPr").Child("ilvl").Value("val"),
            Kind = name switch
            {
                "quote" or "intense quote" or "block text" => WordStyleKind.Quote,
                "html preformatted" or "source code" or "code" or "macro" or "plain text" => WordStyleKind.Code,
                "toc heading" => WordStyleKind.Contents,
                "title" => WordStyleKind.Title,
                _ when name.StartsWith("toc ", StringComparison.Ordinal) => WordStyleKind.Contents,
                _ => null,
            },
        };
        if (style.Value("default") is "1" or "true" && style.Value("type") is null or "paragraph")
        {
            _default = id;
        }
    }

    /// <summary>Built-in styles keep their English names in every language of Word; only their ids are translated.</summary>
    private static int? HeadingLevel(string name) => name switch
    {
        "title" => 0,
        ['h', 'e', 'a', 'd', 'i', 'n', 'g', ' ', >= '1' and <= '9'] => name[^1] - '1',
        _ => null,
    };
}

/// <param name="Id">As paragraphs name it.</param>
/// <param name="BasedOn">The style that it inherits from; null for none.</param>
internal sealed record WordStyle(string Id, string? BasedOn)
{
    public static readonly WordStyle None = new("", null);

    /// <summary>0 to 8 for headings, 9 for text; null where nothing is said.</summary>
    public int? OutlineLevel { get; init; }

    public string? NumberingId { get; init; }

    public string? NumberingLevel { get; init; }

    public WordStyleKind? Kind { get; init; }

    public WordStyle Inherit(WordStyle from) => this with
    {
        BasedOn = from.BasedOn,
        OutlineLevel = OutlineLevel ?? from.OutlineLevel,
        NumberingId = NumberingId ?? from.NumberingId,
        NumberingLevel = NumberingLevel ?? from.NumberingLevel,
        Kind = Kind ?? (from.Kind is WordStyleKind.Title ? null : from.Kind),
    };
}

internal enum WordStyleKind
{
    Title,
    Quote,
    Code,
    /// <summary>A table of contents, which says again what the headings say.</summary>
    Contents,
}
