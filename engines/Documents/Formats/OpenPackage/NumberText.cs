using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Numbers of list items as Office shows them (ST_NumberFormat, ECMA-376 part 1, 17.18.59).</summary>
internal static class NumberText
{
    private const int MaxRoman = 3999;

    /// <summary>The letter is repeated for every further alphabet: 27 is "aa", as Word writes it. Past ten alphabets decimals are easier read.</summary>
    private const int MaxLetters = 260;

    private static readonly (int Value, string Digits)[] RomanDigits =
    [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ];

    /// <param name="format">Those that are not known are shown as decimals.</param>
    public static string Of(int number, string format) => format switch
    {
        "none" => "",
        "lowerLetter" when number is > 0 and <= MaxLetters => Letters(number),
        "upperLetter" when number is > 0 and <= MaxLetters => Letters(number).ToUpperInvariant(),
        "lowerRoman" when number is > 0 and <= MaxRoman => Roman(number),
        "upperRoman" when number is > 0 and <= MaxRoman => Roman(number).ToUpperInvariant(),
        "decimalZero" => number.ToString("00", CultureInfo.InvariantCulture),
        "ordinal" => Ordinal(number),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static string Letters(int number) => new((char)('a' + ((number - 1) % 26)), 1 + ((number - 1) / 26));

    private static string Roman(int number)
    {
        var text = "";
        foreach (var (value, digits) in RomanDigits)
        {
            for (; number >= value; number -= value)
            {
                text += digits;
            }
        }

        return text;
    }

    private static string Ordinal(int number) => number.ToString(CultureInfo.InvariantCulture) + ((number % 100) switch
    {
        11 or 12 or 13 => "th",
        _ => (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" },
    });
}
