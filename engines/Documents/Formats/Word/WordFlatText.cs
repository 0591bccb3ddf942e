using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>Blocks as one text, where there is no room for blocks: in cells and notes.</summary>
internal static class WordFlatText
{
    /// <param name="separator">Between paragraphs; items of a list on one line are told apart all the same.</param>
    public static InlineText Of(IEnumerable<XElement> blocks, WordInlineReader reader, string separator)
    {
        var text = new InlineTextBuilder();
        Append(text, blocks, reader, separator);
        return text.Build();
    }

    private static void Append(InlineTextBuilder text, IEnumerable<XElement> blocks, WordInlineReader reader, string separator)
    {
        foreach (var block in blocks)
        {
            switch (block.Name.LocalName)
            {
                case "p":
                    var isItem = block.Child("pPr").Child("numPr") is not null;
                    text.AppendAfter(isItem && separator == " " ? "; " : separator, reader.Read(block));
                    while (reader.TextBoxes.TryDequeue(out var box))
                    {
                        Append(text, box.Elements(), reader, separator);
                    }

                    break;
                case "tbl":
                    foreach (var row in block.Children("tr"))
                    {
                        text.AppendAfter("; ", Row(row, reader));
                    }

                    break;
                case "AlternateContent":
                    Append(text, block.Alternative()?.Elements() ?? [], reader, separator);
                    break;
                case "sdt" or "sdtContent" or "customXml" or "ins" or "moveTo":
                    Append(text, block.Elements(), reader, separator);
                    break;
            }
        }
    }

    private static InlineText Row(XElement row, WordInlineReader reader)
    {
        var text = new InlineTextBuilder();
        foreach (var cell in row.Children("tc"))
        {
            text.AppendAfter(", ", Of(cell.Elements(), reader, " "));
        }

        return text.Build();
    }
}
