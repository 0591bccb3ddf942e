using System.Globalization;

namespace RagPlatform.FineTuning.Specialist.Spans;

/// <summary>Numbers in English text: digits with separators and decimals, and words up to the thousands.</summary>
internal static class NumberText
{
    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <summary>From left to right, each as long as it can be, none overlapping.</summary>
    public static IReadOnlyList<(TextRange Range, decimal Value)> FindAll(string text)
    {
        var found = new List<(TextRange, decimal)>();
        for (var at = 0; at < text.Length;)
        {
            var next = char.IsAsciiDigit(text[at]) ? ReadDigits(text, at) : StartsWord(text, at) ? ReadWords(text, at) : null;
            if (next is { } number)
            {
                found.Add(number);
                at = number.Range.End;
            }
            else
            {
                at++;
            }
        }
        return found;
    }

    /// <summary>JSON without needless zeros.</summary>
    public static string Write(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static bool StartsWord(string text, int at) => char.IsAsciiLetter(text[at]) && (at == 0 || !char.IsLetter(text[at - 1]));

    private static (TextRange Range, decimal Value)? ReadDigits(string text, int at)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || IsInside(text, end)))
        {
            end++;
        }
        var isNegative = at > 0 && text[at - 1] == '-' && (at == 1 || char.IsWhiteSpace(text[at - 2]));
        var start = isNegative ? at - 1 : at;
        return decimal.TryParse(text.AsSpan(start, end - start), NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
            ? (new TextRange(start, end), value)
            : null;
    }

    /// <summary>A decimal point, or a comma before three digits.</summary>
    private static bool IsInside(string text, int at) =>
        at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])
        && (text[at] == '.' || (text[at] == ',' && at + 3 < text.Length && char.IsAsciiDigit(text[at + 2]) && char.IsAsciiDigit(text[at + 3])));

    private static (TextRange Range, decimal Value)? ReadWords(string text, int at)
    {
        decimal total = 0;
        decimal part = 0;
        var last = int.MaxValue;
        var end = -1;
        for (var start = at; start < text.Length;)
        {
            var stop = start;
            while (stop < text.Length && char.IsAsciiLetter(text[stop]))
            {
                stop++;
            }
            if (Value(text[start..stop]) is not { } value || !Fits(value, ref total, ref part, ref last, isFirst: end < 0))
            {
                break;
            }
            end = stop;
            start = stop < text.Length && text[stop] is ' ' or '-' ? stop + 1 : text.Length;
        }
        return end < 0 ? null : (new TextRange(at, end), total + part);
    }

    /// <summary>Whether a word goes on with the number: units after tens, tens after hundreds, and so on.</summary>
    private static bool Fits(int value, ref decimal total, ref decimal part, ref int last, bool isFirst)
    {
        if (value is 100 or 1000)
        {
            if (isFirst || last >= value)
            {
                return false;
            }
            part *= value;
            if (value == 1000)
            {
                total += part;
                part = 0;
            }
            last = value;
            return true;
        }
        var goesOn = isFirst || last >= 100 || (last >= 20 && value is > 0 and < 10);
        part += goesOn ? value : 0;
        last = goesOn ? value : last;
        return goesOn;
    }

    private static int? Value(string word)
    {
        var lower = word.ToLowerInvariant();
        if (lower is "hundred" or "thousand")
        {
            return lower == "hundred" ? 100 : 1000;
        }
        var small = Array.IndexOf(Small, lower);
        var tens = Array.IndexOf(Tens, lower);
        return small >= 0 ? small : tens >= 0 ? 10 * (tens + 2) : null;
    }
}
