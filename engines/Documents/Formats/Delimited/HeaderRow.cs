using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Tells names of columns from values: names are there, differ, and are no numbers, unless they are years.</summary>
internal static class HeaderRow
{
    private const int MaxNameCharacters = 256;

    public static bool IsHeader(IReadOnlyList<string> first, IEnumerable<IReadOnlyList<string>> below)
    {
        var names = first.Reverse().SkipWhile(string.IsNullOrWhiteSpace).Reverse().ToList();
        if (names.Count == 0 || !below.Any())
        {
            return false;
        }

        // The first column of an exported table is often an index without a name.
        var areNamed = names.Skip(names.Count > 1 ? 1 : 0).All(name => !string.IsNullOrWhiteSpace(name));
        var areNames = names.TrueForAll(IsName) && !names.TrueForAll(IsValue);
        var differ = names.Distinct(StringComparer.Ordinal).Count() == names.Count;
        return areNamed && areNames && differ && (names.Count > 1 || below.All(row => row is [] || IsValue(row[0])));
    }

    /// <summary>Short, and no value but a year.</summary>
    public static bool IsName(string cell) => cell.Length <= MaxNameCharacters && (!IsValue(cell) || IsYear(cell));

    /// <summary>A number, an amount, a date or a time: digits, and no more letters than 2026-01-31T08:00Z or 1e9 have.</summary>
    private static bool IsValue(string cell)
    {
        var letters = 0;
        var digits = 0;
        foreach (var character in cell)
        {
            letters += char.IsLetter(character) ? 1 : 0;
            digits += char.IsDigit(character) ? 1 : 0;
        }

        return digits > 0 && digits > letters && letters <= 2;
    }

    private static bool IsYear(string cell) =>
        int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1800 and <= 2200;
}
