namespace RagPlatform.Search.Lexical;

/// <summary>
/// Optimal string alignment distance between one word and another that is given a character at a time, each row of the
/// table kept so that the other word can go back and go on differently.
/// </summary>
internal sealed class DistanceTable
{
    private readonly string _word;
    private readonly int[][] _rows;

    public DistanceTable(string word)
    {
        _word = word;
        _rows = new int[TextAnalyzer.MaxTermCharacters + 1][];
        for (var row = 0; row < _rows.Length; row++)
        {
            _rows[row] = new int[word.Length + 1];
            _rows[row][0] = row;
        }

        for (var column = 0; column <= word.Length; column++)
        {
            _rows[0][column] = column;
        }
    }

    /// <summary>To the other word's first <paramref name="length"/> characters.</summary>
    public int Distance(int length) => _rows[length][_word.Length];

    /// <summary>Takes the character at <paramref name="index"/>; those before it were taken.</summary>
    /// <returns>What every continuation is at least away.</returns>
    public int Extend(int index, ReadOnlySpan<char> other)
    {
        var before = _rows[index];
        var row = _rows[index + 1];
        var least = row[0];
        for (var column = 1; column < row.Length; column++)
        {
            var replaced = before[column - 1] + (other[index] == _word[column - 1] ? 0 : 1);
            row[column] = Math.Min(replaced, Math.Min(before[column], row[column - 1]) + 1);
            if (index > 0 && column > 1 && other[index] == _word[column - 2] && other[index - 1] == _word[column - 1])
            {
                row[column] = Math.Min(row[column], _rows[index - 1][column - 2] + 1);
            }

            least = Math.Min(least, row[column]);
        }

        return least;
    }
}
