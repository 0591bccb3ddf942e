using System.Text;
using System.Text.RegularExpressions;

namespace RagPlatform.Documents;

/// <summary>Rebuilds paragraphs, list items and headings from lines that follow each other.</summary>
internal sealed partial class PdfParagraphs(DocumentTextBuilder builder, PdfTextSizes sizes, Hyphenation hyphenation)
{
    private const int MaxHeadingLines = 2;

    private readonly StringBuilder _text = new();
    private PdfLine? _last;
    private double _textLeft;
    private int _lines;
    private bool _isItem;

    /// <param name="group">Lines and tables that share their margins, from the top down.</param>
    public void Add(List<PdfItem> group)
    {
        var rows = PdfItem.ToRows(group);
        var prose = group.Where(item => !item.IsTable).Select(item => item.Bounds).ToList();
        var margins = prose.Count == 0 ? default : new Margins(prose.Min(line => line.Left), prose.Max(line => line.Right), UsualDistance(rows));
        var isFirst = true;
        foreach (var row in rows)
        {
            foreach (var table in row.Where(item => item.IsTable))
            {
                End();
                PdfTableText.Add(builder, table.Rows!);
            }

            if (row.Where(item => !item.IsTable).Select(item => item.Bounds).ToList() is { Count: > 0 } parts)
            {
                AddLine(OneLine(parts), margins, isFirst);
                isFirst = false;
            }
        }
    }

    public void End()
    {
        if (_last is { } last)
        {
            var text = _text.ToString();
            if (_isItem)
            {
                var marker = Marker.Match(text);
                builder.AddListItem(0, Bullet.IsMatch(marker.Value) ? "- " : marker.Value, text[marker.Length..]);
            }
            else if (_lines <= MaxHeadingLines && sizes.HeadingLevel(text, last.Height) is > 0 and var level)
            {
                builder.AddHeading(level, text);
            }
            else
            {
                builder.AddParagraph(text);
            }
        }

        _text.Clear();
        _last = null;
        _lines = 0;
    }

    private void AddLine(PdfLine line, Margins margins, bool isFirstOfGroup)
    {
        if (_last is { } last && !(isFirstOfGroup ? GoesOnInNextColumn(last, line) : GoesOn(last, line, margins)))
        {
            End();
        }

        if (_last is null)
        {
            _isItem = Marker.Match(line.Text) is { Success: true };
            // The text of an item stands behind its marker.
            _textLeft = line.Left + (_isItem ? 0.5 * line.Height : 0);
            _text.Append(line.Text);
        }
        else if (hyphenation.Join(_last.Text, line.Text) is { } head)
        {
            _text.Length -= _last.Text.Length - head.Length;
            _text.Append(line.Text);
        }
        else
        {
            // The author ended a line that could have gone on: an address, a verse, a list without bullets.
            var isShort = !isFirstOfGroup && _last.Right < margins.Right - (0.25 * (margins.Right - margins.Left));
            _text.Append(isShort ? '\n' : ' ').Append(line.Text);
        }

        _last = line;
        _lines++;
    }

    private static bool GoesOnInNextColumn(PdfLine last, PdfLine line) =>
        last.Text[^1] is not ('.' or '!' or '?' or ':') && char.IsLower(line.Text[0]) && IsSameSize(last, line);

    private bool GoesOn(PdfLine last, PdfLine line, Margins margins)
    {
        if (!IsSameSize(last, line) || line.Top - last.Bottom > margins.Distance + (0.5 * line.Height) || Marker.IsMatch(line.Text))
        {
            return false;
        }

        if (_isItem)
        {
            return line.Left >= _textLeft || last.Right > margins.Right - (0.1 * (margins.Right - margins.Left));
        }

        if (char.IsLower(line.Text[0]) && (last.Text[^1] is not ('.' or '!' or '?' or ':')))
        {
            // In the middle of a sentence no paragraph begins, however far it hangs.
            return true;
        }

        var isIndented = line.Left > margins.Left + (0.7 * line.Height) && line.Left > last.Left + (0.7 * line.Height);
        var endedEarly = last.Right < margins.Right - (0.15 * (margins.Right - margins.Left)) && last.Text[^1] is '.' or '!' or '?' or ':';
        return !isIndented && !endedEarly;
    }

    private static bool IsSameSize(PdfLine one, PdfLine other) => Math.Max(one.Height, other.Height) <= 1.15 * Math.Min(one.Height, other.Height);

    /// <summary>Between a line and the next, without white space between paragraphs.</summary>
    private static double UsualDistance(List<List<PdfItem>> rows)
    {
        var distances = rows.Zip(rows.Skip(1), (one, next) => next[0].Bounds.Top - one[0].Bounds.Bottom).Order().ToArray();
        // A group of few lines may be all titles: then a fifth of a letter is usual.
        return distances.Length < 3 ? 0.2 * rows[0][0].Bounds.Height : Math.Min(distances[distances.Length / 3], 0.8 * rows[0][0].Bounds.Height);
    }

    private static PdfLine OneLine(List<PdfLine> parts) => parts.Count == 1 ? parts[0] : new PdfLine(
        parts[0].Left, parts.Min(part => part.Top), parts.Max(part => part.Right), parts.Max(part => part.Bottom), string.Join(' ', parts.Select(part => part.Text)));

    [GeneratedRegex(@"^(?:[•◦▪▫‣∙·●○■□➢✓*–—-]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Marker { get; }

    [GeneratedRegex(@"^[^\w(]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Bullet { get; }

    private readonly record struct Margins(double Left, double Right, double Distance);
}
