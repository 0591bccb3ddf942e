using System.Text;

namespace RagPlatform.Documents;

/// <summary>A table's header as context for rows that stand apart from it: its cells, "Name | Amount".</summary>
internal static class TableHeaderText
{
    /// <summary>More would crowd the headings out of what the model reads; whole cells are left out from there on.</summary>
    private const int MaxCharacters = 256;

    /// <param name="header">The header block's text; only its first line names columns. Markdown, or as the source wrote it.</param>
    /// <returns>Empty when every cell is.</returns>
    public static string Of(ReadOnlySpan<char> header)
    {
        var newLine = header.IndexOf('\n');
        var line = (newLine < 0 ? header : header[..newLine]).Trim();
        var separator = line.Contains('|') ? '|' : line.Contains('\t') ? '\t' : '\0';
        var text = new StringBuilder();
        while (!line.IsEmpty)
        {
            var end = separator == '\0' ? line.Length : EndOfCell(line, separator);
            if (!Add(text, line[..end].Trim()))
            {
                break;
            }

            line = end < line.Length ? line[(end + 1)..] : [];
        }

        return text.ToString();
    }

    private static bool Add(StringBuilder text, ReadOnlySpan<char> cell)
    {
        if (cell.IsEmpty)
        {
            return true;
        }

        if (text.Length + cell.Length > MaxCharacters)
        {
            if (text.Length == 0)
            {
                text.Append(cell[..(char.IsHighSurrogate(cell[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)]);
            }

            return false;
        }

        text.Append(text.Length == 0 ? "" : " | ").Append(cell);
        return true;
    }

    private static int EndOfCell(ReadOnlySpan<char> line, char separator)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == separator && (i == 0 || line[i - 1] != '\\'))
            {
                return i;
            }
        }

        return line.Length;
    }
}
