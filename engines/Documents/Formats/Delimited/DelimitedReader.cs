using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// Rows of delimited text (RFC 4180), in linear time: cells in quotes may hold delimiters, line breaks and doubled quotes. What
/// the RFC does not allow is read as it was likely meant: text after a closing quote belongs to the cell, spaces before an opening
/// one do not, and once a quote is never closed, quotes are text.
/// </summary>
internal sealed class DelimitedReader(string text, int start, char delimiter)
{
    /// <summary>As many as a spreadsheet has.</summary>
    public const int MaxColumns = 16_384;

    /// <summary>Of one cell; a spreadsheet's holds 32,767.</summary>
    public const int MaxCellCharacters = 1024 * 1024;

    private int _position = start;

    /// <summary>The number of the row read last, from 1, as a spreadsheet counts: a row over several lines is one, a blank line is one.</summary>
    public int Row { get; private set; }

    /// <summary>The row whose quote is never closed; 0 while there is none.</summary>
    public int UnclosedQuoteRow { get; private set; }

    /// <summary>The next row's cells, at least one; null after the last.</summary>
    /// <exception cref="ExtractionException">TooLarge: more columns, or a longer cell, than the limits.</exception>
    public IReadOnlyList<string>? Read()
    {
        if (_position >= text.Length)
        {
            return null;
        }

        Row++;
        var cells = new List<string> { ReadCell(column: 1) };
        while (_position < text.Length && text[_position] == delimiter)
        {
            if (cells.Count == MaxColumns)
            {
                throw new ExtractionException(
                    ExtractionErrorCode.TooLarge,
                    string.Create(CultureInfo.InvariantCulture, $"content: row {Row} has more than {MaxColumns} columns, which is the limit."),
                    "Check that it is a table; if it is, split it by columns, or send it as text/plain.");
            }

            _position++;
            cells.Add(ReadCell(cells.Count + 1));
        }

        SkipLineBreak();
        return cells;
    }

    /// <summary>Ends before a delimiter, a line break or the end of the text.</summary>
    private string ReadCell(int column)
    {
        var first = _position;
        while (first < text.Length && text[first] == ' ')
        {
            first++;
        }

        if (first < text.Length && text[first] == '"' && UnclosedQuoteRow == 0)
        {
            var closing = ClosingQuote(first);
            if (closing > 0)
            {
                _position = CellEnd(closing + 1);
                CheckLength(_position - first, column);
                return text[(first + 1)..closing].Replace("\"\"", "\"", StringComparison.Ordinal) + text[(closing + 1).._position].TrimEnd(' ');
            }

            UnclosedQuoteRow = Row;
        }

        first = _position;
        _position = CellEnd(first);
        CheckLength(_position - first, column);
        return text[first.._position];
    }

    private int ClosingQuote(int opening)
    {
        var position = opening + 1;
        while (text.IndexOf('"', position) is >= 0 and var quote)
        {
            if (quote + 1 == text.Length || text[quote + 1] != '"')
            {
                return quote;
            }

            position = quote + 2;
        }

        return -1;
    }

    private int CellEnd(int from)
    {
        var length = text.AsSpan(from).IndexOfAny(delimiter, '\n', '\r');
        return length < 0 ? text.Length : from + length;
    }

    private void SkipLineBreak()
    {
        if (_position < text.Length)
        {
            _position += text[_position] == '\r' && _position + 1 < text.Length && text[_position + 1] == '\n' ? 2 : 1;
        }
    }

    private void CheckLength(int length, int column)
    {
        if (length > MaxCellCharacters)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooLarge,
                string.Create(CultureInfo.InvariantCulture, $"content: the cell in row {Row}, column {column} is {length} characters long; the limit is {MaxCellCharacters}."),
                "Check that every quote in that row is closed; if the cell is so long, send it as a document of its own.");
        }
    }
}
