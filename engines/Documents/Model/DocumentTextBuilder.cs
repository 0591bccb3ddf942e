using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// Builds the stored text of a format that is not text itself, block by block: a blank line between blocks, none between
/// items of a list and rows of a table.
/// </summary>
public sealed class DocumentTextBuilder
{
    private const int MaxIndentedLevels = 8;

    private readonly StringBuilder _text = new();
    private readonly List<PendingBlock> _blocks = [];
    private readonly List<DocumentLink> _links = [];
    private readonly List<string> _warnings = [];

    private bool _tableEnded;

    /// <summary>Of the blocks that are added from now on.</summary>
    public SourceLocation? Location { get; set; }

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length;

    /// <param name="level">1 to 6; it ends every section of its own level and deeper ones.</param>
    /// <param name="text">One line; nothing is added when it is blank.</param>
    public void AddHeading(int level, string text) => Add(BlockKind.Heading, OneLine(text), level: Math.Clamp(level, 1, 6));

    public void AddParagraph(string text) => Add(BlockKind.Paragraph, text);

    public void AddQuote(string text) => Add(BlockKind.Quote, text);

    public void AddCode(string text) => Add(BlockKind.Code, text, keepsIndent: true);

    /// <param name="depth">From 0.</param>
    /// <param name="marker">Such as "- " or "3. ".</param>
    /// <param name="text">Of the item.</param>
    public void AddListItem(int depth, string marker, string text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            Add(BlockKind.ListItem, marker + text.Trim(), indent: 2 * Math.Clamp(depth, 0, MaxIndentedLevels));
        }
    }

    /// <summary>A table's first row, and the delimiter line that makes it Markdown.</summary>
    public void AddTableHeader(IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        Add(BlockKind.TableHeader, $"{Row(cells)}\n|{string.Concat(Enumerable.Repeat(" --- |", Math.Max(1, cells.Count)))}");
    }

    /// <summary>A row; nothing is added when every cell is blank.</summary>
    public void AddTableRow(IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Any(cell => !string.IsNullOrWhiteSpace(cell)))
        {
            Add(BlockKind.TableRow, Row(cells));
        }
    }

    /// <summary>The next row is of another table, which may have no header.</summary>
    public void EndTable() => _tableEnded = true;

    /// <summary>A link on the last <paramref name="characters"/> characters that were added.</summary>
    public void AddLink(string target, int characters)
    {
        if (_links.Count < DocumentExtractor.MaxLinks && !string.IsNullOrWhiteSpace(target))
        {
            _links.Add(new DocumentLink(Math.Max(0, _text.Length - characters), _text.Length, target));
        }
    }

    /// <summary>A link on a part of the block that was added last.</summary>
    /// <param name="start">UTF-16 offset from the block's start.</param>
    public void AddLink(string target, int start, int characters)
    {
        if (_links.Count < DocumentExtractor.MaxLinks && !string.IsNullOrWhiteSpace(target))
        {
            var block = _blocks[^1];
            var from = Math.Min(block.Start + start, block.End);
            _links.Add(new DocumentLink(from, Math.Min(from + characters, block.End), target));
        }
    }

    public void AddWarning(string warning)
    {
        if (_warnings.Count < DocumentExtractor.MaxWarnings)
        {
            _warnings.Add(warning);
        }
    }

    /// <summary>All of another document, its headings under those that stand at the moment, its places inside <see cref="Location"/>.</summary>
    /// <param name="part">What it yielded.</param>
    /// <param name="headingLevel">Added to the levels of its headings.</param>
    public void AddDocument(ExtractedDocument part, int headingLevel) => AddDocument(part, heading => headingLevel + heading.HeadingPath.Count);

    /// <param name="part">What it yielded.</param>
    /// <param name="headingLevel">The level of each of its headings, for formats that know it better than by the path's length.</param>
    public void AddDocument(ExtractedDocument part, Func<Block, int> headingLevel)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(headingLevel);
        Separate(BlockKind.Paragraph);
        var offset = _text.Length;
        CheckLength(part.Text.Length);
        _text.Append(part.Text);
        var headings = 0;
        foreach (var block in part.Blocks)
        {
            CheckBlocks();
            var isHeading = block.Kind == BlockKind.Heading;
            headings = isHeading ? block.HeadingPath.Count : headings;
            _blocks.Add(new PendingBlock(
                block.Kind,
                isHeading ? Math.Clamp(headingLevel(block), 1, 6) : 0,
                block.Start + offset,
                block.End + offset,
                Location is null ? block.Location : block.Location?.Inside(Location) ?? Location,
                isHeading ? [.. block.HeadingPath.TakeLast(1)] : block.HeadingPath.Count > headings ? [.. block.HeadingPath.Skip(headings)] : []));
        }

        foreach (var link in part.Links.Take(DocumentExtractor.MaxLinks - _links.Count))
        {
            _links.Add(new DocumentLink(link.Start + offset, link.End + offset, link.Target));
        }

        foreach (var warning in part.Warnings)
        {
            AddWarning(warning);
        }
    }

    /// <param name="title">The first heading's text when empty.</param>
    /// <param name="properties">What the document says about itself.</param>
    public ExtractedDocument Build(string title = "", DocumentProperties? properties = null)
    {
        var text = _text.ToString();
        var blocks = new BlockList();
        foreach (var block in _blocks)
        {
            blocks.Location = block.Location;
            if (block.Level > 0)
            {
                blocks.AddHeading(block.Names.Count > 0 ? block.Names[0] : OneLine(text[block.Start..block.End]), block.Level, text, block.Start, block.End);
            }
            else
            {
                blocks.Add(block.Kind, text, block.Start, block.End, block.Names);
            }
        }

        return new ExtractedDocument(text, title.Length > 0 ? title : blocks.FirstHeading, blocks.Blocks)
        {
            Properties = properties ?? DocumentProperties.None,
            Links = _links,
            Warnings = _warnings,
        };
    }

    private static string Row(IReadOnlyList<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => OneLine(cell).Replace("|", "\\|", StringComparison.Ordinal)))} |";

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void Add(BlockKind kind, string text, int level = 0, int indent = 0, bool keepsIndent = false)
    {
        text = Clean(keepsIndent ? text.Trim('\n', '\r').TrimEnd() : text.Trim());
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        CheckBlocks();
        CheckLength(text.Length + indent);
        Separate(kind);
        _text.Append(' ', indent);
        var start = _text.Length;
        _text.Append(text);
        _blocks.Add(new PendingBlock(kind, level, start, _text.Length, Location, []));
    }

    private void Separate(BlockKind kind)
    {
        if (_text.Length > 0)
        {
            var previous = _blocks.Count > 0 ? _blocks[^1].Kind : kind;
            var isSame = (kind == BlockKind.ListItem && previous == kind) || (kind == BlockKind.TableRow && !_tableEnded && previous is BlockKind.TableRow or BlockKind.TableHeader);
            _text.Append(isSame ? "\n" : "\n\n");
        }

        _tableEnded = false;
    }

    private void CheckBlocks()
    {
        if (_blocks.Count == DocumentExtractor.MaxBlocks)
        {
            throw ExtractionException.TooManyBlocks();
        }
    }

    private void CheckLength(int added)
    {
        if ((long)_text.Length + added > DocumentExtractor.MaxTextCharacters)
        {
            throw ExtractionException.TextTooLong();
        }
    }

    /// <summary>No stored text holds U+0000 or half of a surrogate pair, whatever the source held.</summary>
    private static string Clean(string text)
    {
        text = text.Replace("\0", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }
        }

        return text;
    }

    /// <param name="Names">A heading's plain text where it is not what is written; of other blocks, the path below the last heading.</param>
    private readonly record struct PendingBlock(BlockKind Kind, int Level, int Start, int End, SourceLocation? Location, IReadOnlyList<string> Names);
}
