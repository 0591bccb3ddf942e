using System.Buffers;
using System.Globalization;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>Collects the readable text of a page as blocks: white space collapsed as a browser shows it, preformatted text as it is.</summary>
internal sealed class HtmlTextBuilder
{
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\f\u200B");

    private readonly StringBuilder _text = new();
    private readonly List<HtmlTextBlock> _blocks = [];
    private readonly List<DocumentLink> _links = [];
    private readonly List<string> _terms = [];
    /// <summary>The number of the next item; null in a list without numbers.</summary>
    private readonly Stack<int?> _lists = new();
    private HtmlTable _table = new();
    private HtmlTextBlock? _block;
    private string _marker = "";
    private string? _linkTarget;
    private int _linkStart;
    private bool _spacePending;
    private int _preformatted;
    private string _codeLanguage = "";
    private int _quotes;
    private long _characters;

    public IReadOnlyList<HtmlTextBlock> Blocks => _blocks;

    public int HeadingLevel { get; set; }

    public HtmlRegion Region { get; set; }

    public HtmlDefinition Definition { get; set; }

    public bool InRow { get; private set; }

    public bool InPreformatted => _preformatted > 0;

    /// <summary>In a row of a table that is no mere layout: what its cells hold stays in them.</summary>
    public bool InDataRow => InRow && _table.IsData;

    public void StartPreformatted() => _preformatted++;

    public void EndPreformatted()
    {
        _preformatted = Math.Max(0, _preformatted - 1);
        _codeLanguage = "";
    }

    public void SetCodeLanguage(string language) => _codeLanguage = language;

    public void StartQuote() => _quotes++;

    public void EndQuote() => _quotes = Math.Max(0, _quotes - 1);

    /// <param name="firstNumber">Of an ordered list; null for one without numbers.</param>
    public void StartList(int? firstNumber) => _lists.Push(firstNumber);

    public void EndList()
    {
        _lists.TryPop(out _);
        _marker = "";
    }

    public void StartItem()
    {
        if (_lists.TryPop(out var number))
        {
            _lists.Push(unchecked(number + 1));
            _marker = number is null ? "- " : string.Create(CultureInfo.InvariantCulture, $"{number}. ");
        }
    }

    public void StartTable() => _table = new HtmlTable();

    public void StartRow() => InRow = true;

    public void StartCell(bool isHeader, int columnSpan, int rowSpan)
    {
        if (InRow)
        {
            EndCell();
            _table.StartCell(isHeader, columnSpan, rowSpan);
        }
    }

    public void EndRow()
    {
        if (!InRow)
        {
            return;
        }

        var isFirst = _table.WideRows == 0;
        var startsTable = _table.Rows == 0;
        EndCell();
        InRow = false;
        var (cells, isHeader) = _table.EndRow();
        if (cells.Any(cell => cell.Length > 0))
        {
            var isRow = cells.Count > 1 || _table.IsData || !isFirst;
            Add(new HtmlTextBlock(isRow ? isHeader && isFirst ? BlockKind.TableHeader : BlockKind.TableRow : BlockKind.Paragraph, isRow ? "" : cells[0], Region)
            {
                Cells = cells,
                StartsTable = startsTable,
                Links = [.. _links],
            });
        }

        _links.Clear();
    }

    public void StartLink(string target)
    {
        EndLink();
        _linkTarget = target;
        _linkStart = -1;
    }

    public void EndLink()
    {
        if (_linkTarget is { } target && _linkStart >= 0 && _links.Count < DocumentExtractor.MaxLinks)
        {
            _links.Add(new DocumentLink(_linkStart, Math.Max(_linkStart, _text.Length), target));
        }

        _linkTarget = null;
    }

    /// <summary>White space that shows only between words.</summary>
    public void AddSpace() => _spacePending = true;

    /// <summary>Items of a list that stands in a cell.</summary>
    public void SeparateItems()
    {
        if (_text.Length > 0)
        {
            _text.Append(',');
        }
    }

    public void AddLineBreak()
    {
        if (_block is not null)
        {
            _text.Append(InRow ? ' ' : '\n');
            _spacePending = false;
        }
    }

    /// <summary>A line break, unless the line is new.</summary>
    public void AddLineEnd()
    {
        if (_text.Length > 0 && _text[^1] != '\n')
        {
            AddLineBreak();
        }
    }

    public void AddText(ReadOnlySpan<char> text)
    {
        if (_preformatted > 0 && !InRow)
        {
            StartBlock(BlockKind.Code);
            Append(text);
            return;
        }

        while (!text.IsEmpty)
        {
            var wordEnd = text.IndexOfAny(WordEnds);
            var word = wordEnd < 0 ? text : text[..wordEnd];
            if (!word.IsEmpty)
            {
                AddWord(word);
            }

            // A zero-width space shows nothing; links to a heading's own place are made of it.
            _spacePending |= wordEnd >= 0 && text[wordEnd] != '\u200B';
            text = wordEnd < 0 ? [] : text[(wordEnd + 1)..];
        }
    }

    /// <summary>Ends what stands open; in a row, only words end.</summary>
    public void EndBlock()
    {
        _spacePending = false;
        if (InRow || _block is not { } block)
        {
            return;
        }

        var target = _linkTarget;
        EndLink();
        _block = null;
        var text = _text.ToString();
        _text.Clear();
        if (Definition == HtmlDefinition.Term)
        {
            _terms.Add(text.Trim());
        }
        else
        {
            Add(WithTerms(block with { Text = text, Links = [.. _links] }));
        }

        _links.Clear();
        if (target is not null)
        {
            // A link around several blocks stands on each.
            StartLink(target);
        }
    }

    /// <summary>To be called once, after the last token.</summary>
    public void End()
    {
        EndRow();
        EndBlock();
        FlushTerms();
    }

    private HtmlTextBlock WithTerms(HtmlTextBlock block)
    {
        if (_terms.Count == 0 || Definition != HtmlDefinition.Description)
        {
            FlushTerms();
            return block;
        }

        var term = string.Join(", ", _terms) + ": ";
        _terms.Clear();
        return block with { Text = term + block.Text, Links = [.. block.Links.Select(link => link with { Start = link.Start + term.Length, End = link.End + term.Length })] };
    }

    private void FlushTerms()
    {
        foreach (var term in _terms)
        {
            _blocks.Add(new HtmlTextBlock(BlockKind.Paragraph, term, Region));
        }

        _terms.Clear();
    }

    private void Add(HtmlTextBlock block)
    {
        // Blank ones come to nothing later; so many are refused there.
        if (_blocks.Count <= DocumentExtractor.MaxBlocks)
        {
            _blocks.Add(block);
        }
    }

    private void EndCell()
    {
        EndLink();
        _block = null;
        _table.EndCell(_text.ToString().Trim());
        _text.Clear();
        _spacePending = false;
    }

    private void AddWord(ReadOnlySpan<char> word)
    {
        if (_block is null)
        {
            StartBlock(
                HeadingLevel > 0 ? BlockKind.Heading
                : InRow ? BlockKind.TableRow
                : _lists.Count > 0 || Definition == HtmlDefinition.Description ? BlockKind.ListItem
                : _quotes > 0 ? BlockKind.Quote
                : BlockKind.Paragraph);
        }
        else if (_spacePending && _text.Length > 0 && _text[^1] is not (' ' or '\n'))
        {
            _text.Append(' ');
        }

        Append(word);
        _spacePending = false;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (_linkTarget is not null && _linkStart < 0)
        {
            _linkStart = _text.Length;
        }

        _characters += text.Length;
        if (_characters > DocumentExtractor.MaxTextCharacters)
        {
            throw ExtractionException.TextTooLong();
        }

        _text.Append(text);
    }

    private void StartBlock(BlockKind kind)
    {
        if (_block is not null)
        {
            return;
        }

        var isItem = kind == BlockKind.ListItem;
        _block = new HtmlTextBlock(kind, "", Region)
        {
            Level = kind == BlockKind.Heading ? HeadingLevel : 0,
            Marker = isItem ? Definition == HtmlDefinition.Description && _lists.Count == 0 ? "- " : _marker : "",
            Depth = isItem ? Math.Max(0, _lists.Count - 1) : 0,
            CodeLanguage = kind == BlockKind.Code ? _codeLanguage : "",
        };
        _marker = isItem ? "" : _marker;
    }
}

/// <summary>Where in a definition list the text stands.</summary>
internal enum HtmlDefinition
{
    None,
    Term,
    Description,
}
