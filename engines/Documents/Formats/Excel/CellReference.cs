namespace RagPlatform.Documents;

/// <summary>"B7": column 2, row 7.</summary>
internal readonly record struct CellReference(int Row, int Column)
{
    /// <summary>Of Excel, and the last cell is XFD1048576.</summary>
    public const int MaxRow = 1_048_576;

    public const int MaxColumn = 16_384;

    /// <returns>Null for what is no cell of a sheet.</returns>
    public static CellReference? Parse(ReadOnlySpan<char> text)
    {
        var column = 0;
        var row = 0;
        foreach (var character in text)
        {
            if (row == 0 && char.IsAsciiLetter(character))
            {
                column = (column * 26) + (char.ToUpperInvariant(character) - 'A' + 1);
            }
            else if (char.IsAsciiDigit(character) && column > 0)
            {
                row = (row * 10) + (character - '0');
            }
            else if (character != '$')
            {
                return null;
            }

            if (column > MaxColumn || row > MaxRow)
            {
                return null;
            }
        }

        return row > 0 && column > 0 ? new CellReference(row, column) : null;
    }
}
