using System.Text;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>Tells paragraphs as what their styles and numbers make them: headings, items of lists, quotes, code or text.</summary>
internal sealed class WordParagraphs(DocumentTextBuilder builder, WordInlineReader reader, WordStyles styles, WordNumbering numbering)
{
    private readonly StringBuilder _code = new();

    /// <summary>The first paragraph that is styled as the document's title; empty where there is none.</summary>
    public string Title { get; private set; } = "";

    /// <param name="paragraph">A w:p.</param>
    public void Add(XElement paragraph)
    {
        var properties = paragraph.Child("pPr");
        var style = styles.Of(properties.Child("pStyle").Value("val"));
        var text = reader.Read(paragraph);
        Locate(reader.PageBreaksBeforeText);
        if (style.Kind == WordStyleKind.Code && !text.IsBlank)
        {
            _code.Append(_code.Length > 0 ? "\n" : "").Append(text.Text);
        }
        else
        {
            EndCode();
            if (!text.IsBlank && style.Kind != WordStyleKind.Contents)
            {
                AddText(text, style, properties);
            }
        }
    }

    /// <summary>Paragraphs of code that follow one another are one block, which ends here.</summary>
    public void EndCode()
    {
        if (_code.Length > 0)
        {
            builder.AddCode(_code.ToString());
            _code.Clear();
        }
    }

    /// <summary>What is added from now on stands on that page.</summary>
    public void Locate(int pageBreaks)
    {
        if (builder.Location?.Number != pageBreaks + 1)
        {
            EndCode();
            builder.Location = new SourceLocation(LocationKind.Page, pageBreaks + 1);
        }
    }

    private void AddText(InlineText text, WordStyle style, XElement? properties)
    {
        var (marker, depth) = Marker(properties, style);
        if ((WordStyles.OutlineLevel(properties) ?? style.OutlineLevel) is { } level and < 9)
        {
            Title = Title.Length == 0 && style.Kind == WordStyleKind.Title ? text.OneLine().Text : Title;
            var heading = new InlineTextBuilder();
            heading.Append(marker is null or "-" ? "" : marker + " ");
            heading.Append(text.Trim());
            builder.AddHeading(level + 1, heading.Build());
        }
        else if (marker is not null)
        {
            builder.AddListItem(depth, marker + " ", text);
        }
        else if (style.Kind == WordStyleKind.Quote)
        {
            builder.AddQuote(text);
        }
        else
        {
            builder.AddParagraph(text);
        }
    }

    private (string? Marker, int Depth) Marker(XElement? properties, WordStyle style)
    {
        var own = properties.Child("numPr");
        var id = own.Child("numId").Value("val") ?? style.NumberingId;

        // Zero takes the paragraph out of the list that its style puts it into.
        return id is null or "0" ? (null, 0) : numbering.Next(id, own.Child("ilvl").Value("val") ?? style.NumberingLevel, style.Id);
    }
}
