namespace RagPlatform.Documents;

/// <summary>
/// Chooses what of a page's blocks its readers came for: its main part, else its articles, else all that is no boilerplate; less
/// long runs of links. What would leave next to nothing is not done.
/// </summary>
internal static class HtmlContent
{
    private const double MinShare = 0.2;
    private const int MenuItems = 4;
    private const int MenuItemsInMain = 20;
    private const double MenuLinkShare = 0.8;
    private const int MaxMenuItemCharacters = 80;

    public static ExtractedDocument Build(IReadOnlyList<HtmlTextBlock> blocks, string title, DocumentProperties properties, bool keepsAll)
    {
        var builder = new DocumentTextBuilder();
        foreach (var block in keepsAll ? blocks : Choose(blocks))
        {
            Add(builder, block);
        }

        return builder.Build(title, properties);
    }

    private static List<HtmlTextBlock> Choose(IReadOnlyList<HtmlTextBlock> blocks)
    {
        var content = blocks.Where(block => block.Region != HtmlRegion.Boilerplate || block is { Kind: BlockKind.Heading, Level: 1 }).ToList();
        var all = Characters(content);
        foreach (var region in new[] { HtmlRegion.Main, HtmlRegion.Article })
        {
            var chosen = content.Where(block => block.Region == region || (region == HtmlRegion.Main && block.Region == HtmlRegion.Article)).ToList();
            if (chosen.Exists(block => block.Region == region) && Characters(chosen) >= MinShare * all)
            {
                return WithoutMenus(chosen, MenuItemsInMain);
            }
        }

        // Where nearly all seems to be boilerplate, the names of its elements mislead.
        return Characters(content.Where(block => block.Region != HtmlRegion.Boilerplate)) < MinShare * Characters(blocks) ? [.. blocks] : WithoutMenus(content, MenuItems);
    }

    private static List<HtmlTextBlock> WithoutMenus(List<HtmlTextBlock> blocks, int menuItems)
    {
        var kept = new List<HtmlTextBlock>();
        for (var start = 0; start < blocks.Count;)
        {
            var end = start;
            while (end < blocks.Count && IsMenuItem(blocks[end]))
            {
                end++;
            }

            if (end - start < menuItems)
            {
                kept.AddRange(blocks.GetRange(start, Math.Min(blocks.Count, Math.Max(end, start + 1)) - start));
            }

            start = Math.Max(end, start + 1);
        }

        return Characters(kept) >= MinShare * Characters(blocks) ? kept : blocks;
    }

    private static bool IsMenuItem(HtmlTextBlock block) =>
        block.Kind is BlockKind.ListItem or BlockKind.Paragraph && block.Text.Length <= MaxMenuItemCharacters && block.LinkCharacters >= MenuLinkShare * block.Text.Length && block.Links.Count > 0;

    private static long Characters(IEnumerable<HtmlTextBlock> blocks) => blocks.Sum(block => (long)block.Text.Length + block.Cells.Sum(cell => cell.Length));

    private static void Add(DocumentTextBuilder builder, HtmlTextBlock block)
    {
        var before = builder.Length;
        var shift = block.Text.Length - block.Text.TrimStart().Length;
        switch (block.Kind)
        {
            case BlockKind.Heading:
                builder.AddHeading(block.Level, block.Text);
                break;
            case BlockKind.ListItem:
                builder.AddListItem(block.Depth, block.Marker, block.Text);
                shift -= block.Marker.Length;
                break;
            case BlockKind.TableHeader:
                builder.AddTableHeader(block.Cells);
                break;
            case BlockKind.TableRow:
                if (block.StartsTable)
                {
                    builder.EndTable();
                }

                builder.AddTableRow(block.Cells);
                break;
            case BlockKind.Code:
                builder.AddCode(block.CodeLanguage.Length > 0 ? $"```{block.CodeLanguage}\n{block.Text.Trim('\n', '\r').TrimEnd()}\n```" : block.Text);
                break;
            case BlockKind.Quote:
                builder.AddQuote(block.Text);
                break;
            default:
                builder.AddParagraph(block.Text);
                break;
        }

        if (builder.Length > before && block.Kind != BlockKind.Code)
        {
            foreach (var link in block.Links)
            {
                // Cells are joined and escaped: a link of a row stands on the row.
                var isOnRow = block.Cells.Count > 0;
                builder.AddLink(link.Target, isOnRow ? 0 : Math.Max(0, link.Start - shift), isOnRow ? int.MaxValue / 2 : link.End - link.Start);
            }
        }
    }
}
