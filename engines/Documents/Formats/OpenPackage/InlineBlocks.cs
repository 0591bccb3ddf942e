namespace RagPlatform.Documents;

/// <summary>Adds text with links to the stored text, block by block.</summary>
internal static class InlineBlocks
{
    public static void AddHeading(this DocumentTextBuilder builder, int level, InlineText text)
    {
        text = text.OneLine();
        builder.AddHeading(level, text.Text);
        AddLinks(builder, text, 0);
    }

    public static void AddParagraph(this DocumentTextBuilder builder, InlineText text)
    {
        text = text.Trim();
        builder.AddParagraph(text.Text);
        AddLinks(builder, text, 0);
    }

    public static void AddQuote(this DocumentTextBuilder builder, InlineText text)
    {
        text = text.Trim();
        builder.AddQuote(text.Text);
        AddLinks(builder, text, 0);
    }

    public static void AddListItem(this DocumentTextBuilder builder, int depth, string marker, InlineText text)
    {
        text = text.Trim();
        builder.AddListItem(depth, marker, text.Text);
        AddLinks(builder, text, marker.Length);
    }

    public static void AddTableRow(this DocumentTextBuilder builder, IReadOnlyList<InlineText> cells, bool isHeader)
    {
        if (cells.All(cell => cell.IsBlank))
        {
            return;
        }

        cells = [.. cells.Select(cell => cell.OneLine())];
        var texts = cells.Select(cell => cell.Text).ToArray();
        if (isHeader)
        {
            builder.AddTableHeader(texts);
        }
        else
        {
            builder.AddTableRow(texts);
        }

        // "| a | b |", in which a cell's own bars take a character more.
        var start = 2;
        foreach (var cell in cells)
        {
            foreach (var link in cell.Links)
            {
                var before = cell.Text.AsSpan(0, link.Start).Count('|');
                builder.AddLink(link.Target, start + link.Start + before, link.Length + cell.Text.AsSpan(link.Start, link.Length).Count('|'));
            }

            start += cell.Text.Length + cell.Text.AsSpan().Count('|') + 3;
        }
    }

    private static void AddLinks(DocumentTextBuilder builder, InlineText text, int offset)
    {
        foreach (var link in text.IsBlank ? [] : text.Links)
        {
            builder.AddLink(link.Target, offset + link.Start, link.Length);
        }
    }
}
