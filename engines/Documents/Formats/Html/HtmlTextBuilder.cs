using System.Globalization;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// Builds the readable text of a page: white space collapsed as a browser shows it, a blank line between blocks,
/// "- " or "1. " before list items, " | " between cells, preformatted text as it is.
/// </summary>
internal sealed class HtmlTextBuilder
{
    private const int MaxIndentedLists = 8;
    private const string CellSeparator = " | ";

    private readonly StringBuilder _text = new();
    private readonly List<(BlockKind Kind, int HeadingLevel, int Start, int End)> _ranges = [];
    /// <summary>The number of the next item; null in a list without numbers.</summary>
    private readonly Stack<int?> _lists = new();
    private int _blockStart = -1;
    private BlockKind _blockKind;
    private int _blockLevel;
    private string _marker = "";
    private bool _spacePending;
    private int _cells;
    private int _preformatted;
    private int _quotes;

    public int HeadingLevel { get; set; }

    public bool InRow { get; private set; }

    public void StartPreformatted() => _preformatted++;

    public void EndPreformatted() => _preformatted = Math.Max(0, _preformatted - 1);

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

    public void StartRow()
    {
        InRow = true;
        _cells = 0;
    }

    public void EndRow() => InRow = false;

    public void StartCell()
    {
        _cells++;
        if (_blockStart >= 0 && InRow)
        {
            _text.Append(CellSeparator);
            _spacePending = false;
        }
    }

    /// <summary>White space that shows only between words.</summary>
    public void AddSpace() => _spacePending = true;

    public void AddLineBreak()
    {
        if (_blockStart >= 0)
        {
            _text.Append(InRow ? ' ' : '\n');
            _spacePending = false;
        }
    }

    public void AddText(ReadOnlySpan<char> text)
    {
        if (_preformatted > 0 && !InRow)
        {
            StartBlock(BlockKind.Code);
            _text.Append(text);
            return;
        }

        while (!text.IsEmpty)
        {
            var wordEnd = text.IndexOfAny(" \t\r\n\f");
            var word = wordEnd < 0 ? text : text[..wordEnd];
            if (!word.IsEmpty)
            {
                AddWord(word);
            }

            _spacePending |= wordEnd >= 0;
            text = wordEnd < 0 ? [] : text[(wordEnd + 1)..];
        }
    }

    public void EndBlock()
    {
        if (_blockStart >= 0)
        {
            _ranges.Add((_blockKind, _blockLevel, _blockStart, _text.Length));
        }

        _blockStart = -1;
        _spacePending = false;
    }

    public ExtractedDocument Build(string title)
    {
        EndBlock();
        var text = _text.ToString();
        var blocks = new BlockList();
        foreach (var (kind, level, start, end) in _ranges)
        {
            if (level > 0)
            {
                blocks.AddHeading(text[start..end].Replace('\n', ' ').Trim(), level, text, start, end);
            }
            else
            {
                blocks.Add(kind, text, start, end);
            }
        }

        return new ExtractedDocument(text, title.Length > 0 ? title : blocks.FirstHeading, blocks.Blocks);
    }

    private void AddWord(ReadOnlySpan<char> word)
    {
        if (_blockStart < 0)
        {
            StartBlock(
                HeadingLevel > 0 ? BlockKind.Heading
                : InRow ? BlockKind.TableRow
                : _lists.Count > 0 ? BlockKind.ListItem
                : _quotes > 0 ? BlockKind.Quote
                : BlockKind.Paragraph);
        }
        else if (_spacePending && _text[^1] is not (' ' or '\n'))
        {
            _text.Append(' ');
        }

        _text.Append(word);
        _spacePending = false;
    }

    private void StartBlock(BlockKind kind)
    {
        if (_blockStart >= 0)
        {
            return;
        }

        if (_text.Length > 0)
        {
            var previous = _ranges[^1].Kind;
            _text.Append(kind == previous && kind is BlockKind.ListItem or BlockKind.TableRow ? "\n" : "\n\n");
        }

        if (kind == BlockKind.ListItem)
        {
            _text.Append(' ', 2 * Math.Min(_lists.Count - 1, MaxIndentedLists));
        }

        _blockStart = _text.Length;
        _blockKind = kind;
        _blockLevel = kind == BlockKind.Heading ? HeadingLevel : 0;
        if (kind == BlockKind.ListItem)
        {
            _text.Append(_marker);
            _marker = "";
        }
        else if (kind == BlockKind.TableRow)
        {
            // Empty cells before the first word: without them the words would stand under the wrong heads.
            for (var cell = 1; cell < _cells; cell++)
            {
                _text.Append(CellSeparator);
            }
        }
    }
}
