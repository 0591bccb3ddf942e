using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// Tells a slide: its title as a heading, then its shapes in the order in which a screen reader reads them, which is the
/// file's.
/// </summary>
/// <param name="relations">Of the slide.</param>
/// <param name="bullets">Of its layout; null without one.</param>
internal sealed class SlideReader(
    DocumentTextBuilder builder, OfficePackage package, IReadOnlyDictionary<string, Relationship> relations, BulletStyles? bullets, ExtractionContext context)
{
    /// <summary>A longer merged cell is not told again in the rows below its first.</summary>
    private const int MaxRepeatedCharacters = 100;

    /// <param name="number">From 1, in the order of the presentation.</param>
    public void Add(XElement slide, int number)
    {
        var tree = slide.Child("cSld").Child("spTree");
        var title = tree.Children("sp").FirstOrDefault(shape => Placeholder.Of(shape).IsTitle && !Text(shape).IsBlank);

        // Without a heading of its own it would stand under the slide before.
        builder.AddHeading(1, title is null ? InlineText.Plain(string.Create(CultureInfo.InvariantCulture, $"Slide {number}")) : Text(title));
        AddShapes(tree?.Elements() ?? [], title);
    }

    /// <summary>What the speaker says to the slide.</summary>
    public void AddNotes(XElement notes)
    {
        var bodies = notes.Child("cSld").Child("spTree").Children("sp").Where(shape => Placeholder.Of(shape).Type == "body" && !Text(shape).IsBlank).ToArray();
        if (bodies.Length > 0)
        {
            builder.AddHeading(2, "Notes");
            AddShapes(bodies, title: null);
        }
    }

    private InlineText Text(XElement shape) => SlideText.OfBody(shape.Child("txBody"), relations, "\n");

    private void AddShapes(IEnumerable<XElement> shapes, XElement? title)
    {
        foreach (var shape in shapes)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            switch (shape.Name.LocalName)
            {
                case "sp" when shape != title && !Placeholder.Of(shape).IsDecoration:
                    AddText(shape);
                    break;
                case "grpSp":
                    AddDescription(shape);
                    AddShapes(shape.Elements(), title);
                    break;
                case "graphicFrame":
                    AddDescription(shape);
                    AddGraphic(shape.Child("graphic").Child("graphicData"));
                    break;
                case "pic" or "cxnSp":
                    AddDescription(shape);
                    break;
                case "AlternateContent":
                    AddShapes(shape.Alternative()?.Elements() ?? [], title);
                    break;
            }
        }
    }

    /// <summary>The alternative text that its author gave a picture.</summary>
    private void AddDescription(XElement shape) => builder.AddParagraph(
        shape.Elements().FirstOrDefault(child => child.Name.LocalName.StartsWith("nv", StringComparison.Ordinal)).Child("cNvPr").Value("descr") ?? "");

    private void AddText(XElement shape)
    {
        var placeholder = Placeholder.Of(shape);
        var body = shape.Child("txBody");
        var own = BulletStyles.OfList(body.Child("lstStyle"));
        var numbers = new AutoNumbers();
        var hasText = false;
        foreach (var paragraph in body.Children("p"))
        {
            var text = SlideText.Of(paragraph, relations);
            if (text.IsBlank)
            {
                continue;
            }

            hasText = true;
            var properties = paragraph.Child("pPr");
            var level = int.TryParse(properties.Value("lvl"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, BulletStyles.Levels - 1) : 0;
            if (BulletStyles.Of(properties) ?? own[level] ?? bullets?.HasBullet(placeholder, level) ?? false)
            {
                builder.AddListItem(level, numbers.Next(properties.Child("buAutoNum"), level) + " ", text);
            }
            else
            {
                numbers.Next(null, level);
                builder.AddParagraph(text);
            }
        }

        if (!hasText)
        {
            AddDescription(shape);
        }
    }

    private void AddGraphic(XElement? data)
    {
        foreach (var graphic in data?.Elements() ?? [])
        {
            switch (graphic.Name.LocalName)
            {
                case "tbl":
                    AddTable(graphic);
                    break;
                case "chart":
                    AddDrawing(graphic.RelationshipId());
                    break;
                case "relIds":
                    AddDrawing(graphic.RelationshipId("dm"));
                    break;
            }
        }
    }

    private void AddDrawing(string? relationshipId)
    {
        if (relationshipId is not null && relations.TryGetValue(relationshipId, out var relation))
        {
            DrawingText.Add(builder, package, relation);
        }
    }

    private void AddTable(XElement table)
    {
        var isHeader = true;
        InlineText[] above = [];
        foreach (var row in table.Children("tr"))
        {
            var cells = row.Children("tc").Select((cell, column) => Cell(cell, column < above.Length ? above[column] : InlineText.Empty)).ToArray();
            builder.AddTableRow(cells, isHeader);
            isHeader &= Array.TrueForAll(cells, cell => cell.IsBlank);
            above = cells;
        }
    }

    private InlineText Cell(XElement cell, InlineText above) =>
        cell.Value("vMerge") is "1" or "true" ? above.Text.Length <= MaxRepeatedCharacters ? above : InlineText.Empty
        : cell.Value("hMerge") is "1" or "true" ? InlineText.Empty
        : SlideText.OfBody(cell.Child("txBody"), relations, " ").OneLine();
}
