namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Finds what was probably meant by a misspelt name.</summary>
internal static class Suggestion
{
    private const int MaxNameLength = 64;
    private const int MaxEdits = 2;

    /// <summary>The known name within two edits (insert, delete, replace, swap of neighbours) and half its length; null where there is none.</summary>
    public static string? For(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxNameLength)
        {
            return null;
        }

        var lower = name.ToLowerInvariant();
        string? best = null;
        var bestEdits = MaxEdits + 1;
        foreach (var candidate in known)
        {
            var edits = Math.Abs(candidate.Length - lower.Length) > MaxEdits ? int.MaxValue : Edits(lower, candidate.ToLowerInvariant());
            if (edits < bestEdits && edits * 2 <= candidate.Length)
            {
                (best, bestEdits) = (candidate, edits);
            }
        }

        return best;
    }

    /// <summary>" Did you mean x?", or empty.</summary>
    public static string Sentence(string name, IEnumerable<string> known) => For(name, known) is { } meant ? $" Did you mean {meant}?" : "";

    private static int Edits(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[left.Length, right.Length];
    }
}
