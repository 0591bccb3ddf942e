using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>The text of DrawingML paragraphs (ECMA-376 part 1, 21.1.2).</summary>
internal static class SlideText
{
    /// <param name="paragraph">An a:p.</param>
    /// <param name="relations">Of the part it is in.</param>
    public static InlineText Of(XElement paragraph, IReadOnlyDictionary<string, Relationship> relations)
    {
        var text = new InlineTextBuilder();
        foreach (var child in paragraph.Elements())
        {
            Append(text, child, relations);
        }

        return text.Build();
    }

    /// <summary>All paragraphs of a text body.</summary>
    public static InlineText OfBody(XElement? body, IReadOnlyDictionary<string, Relationship> relations, string separator)
    {
        var text = new InlineTextBuilder();
        foreach (var paragraph in body.Children("p"))
        {
            text.AppendAfter(separator, Of(paragraph, relations));
        }

        return text.Build();
    }

    private static void Append(InlineTextBuilder text, XElement node, IReadOnlyDictionary<string, Relationship> relations)
    {
        switch (node.Name.LocalName)
        {
            case "r" or "fld":
                var start = text.Length;
                text.Append(node.Child("t")?.Value ?? "");
                if (node.Child("rPr").Child("hlinkClick").RelationshipId() is { } id && relations.TryGetValue(id, out var relation) && relation.IsExternal)
                {
                    text.AddLink(start, relation.Target);
                }

                break;
            case "br":
                text.Append("\n");
                break;
            case "m":
                text.Append(OfficeMath.Linear(node));
                break;
            case "AlternateContent":
                foreach (var child in node.Alternative()?.Elements() ?? [])
                {
                    Append(text, child, relations);
                }

                break;
        }
    }
}
