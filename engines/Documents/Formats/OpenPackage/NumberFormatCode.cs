using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// The section of a format code that a number falls under, in the terms of .NET's custom formats, which share Excel's
/// digits, separators, percent signs and exponents; Excel's fillers, colours and conditions are dropped.
/// </summary>
/// <param name="Pattern">For .NET when it is a number; Excel's own, without quoted texts, when it is a date.</param>
/// <param name="Thousands">Divided by 1,000 so many times before it is shown.</param>
internal readonly record struct NumberFormatCode(string Pattern, bool IsGeneral, bool IsDate, bool IsText, bool IsForNegative, int Thousands)
{
    private static readonly NumberFormatCode Plain = new("", IsGeneral: true, IsDate: false, IsText: false, IsForNegative: false, Thousands: 0);

    public static NumberFormatCode Parse(string format, double number)
    {
        var sections = Sections(format);
        if (format.Contains("[<", StringComparison.Ordinal) || format.Contains("[>", StringComparison.Ordinal) || format.Contains("[=", StringComparison.Ordinal))
        {
            // Conditions of its own: what they show is rarely worth their rules.
            return Plain;
        }

        var isForNegative = number < 0 && sections.Count > 1;
        var section = sections[isForNegative ? 1 : number == 0 && sections.Count > 2 ? 2 : 0];
        return Read(section, isForNegative);
    }

    private static List<string> Sections(string format)
    {
        var sections = new List<string>();
        var start = 0;
        for (var i = 0; i < format.Length; i++)
        {
            switch (format[i])
            {
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '"':
                    i = format.IndexOf('"', i + 1) is >= 0 and var close ? close : format.Length;
                    break;
                case ';':
                    sections.Add(format[start..i]);
                    start = i + 1;
                    break;
            }
        }

        sections.Add(format[Math.Min(start, format.Length)..]);
        return sections;
    }

    private static NumberFormatCode Read(string section, bool isForNegative)
    {
        var pattern = new StringBuilder();
        var date = new StringBuilder();
        var digits = 0;
        var commas = 0;
        var thousands = 0;
        for (var i = 0; i < section.Length; i++)
        {
            var character = section[i];
            switch (character)
            {
                case '"':
                    var close = section.IndexOf('"', i + 1);
                    close = close < 0 ? section.Length : close;
                    AppendText(pattern, section[(i + 1)..close]);
                    i = close;
                    break;
                case '\\' when i + 1 < section.Length:
                    AppendText(pattern, section[++i].ToString());
                    break;
                case '_' or '*':
                    i++;
                    break;
                case '[':
                    var end = section.IndexOf(']', i);
                    end = end < 0 ? section.Length - 1 : end;
                    AppendBracket(section[(i + 1)..end], pattern, date);
                    i = end;
                    break;
                case '0' or '#' or '?':
                    // Between digits a comma groups them; after them each divides by a thousand.
                    pattern.Append(commas > 0 ? "," : "").Append(character == '0' ? '0' : '#');
                    commas = 0;
                    digits++;
                    break;
                case ',':
                    commas++;
                    break;
                case '.':
                    thousands += commas;
                    commas = 0;
                    pattern.Append(character);
                    break;
                case '%':
                    pattern.Append(character);
                    break;
                case 'E' or 'e' when i + 1 < section.Length && section[i + 1] is '+' or '-':
                    pattern.Append(character).Append(section[++i]);
                    break;
                case '@':
                    return Plain with { IsGeneral = false, IsText = true };
                case '/' when digits > 0:
                    // A fraction: its decimals say the same.
                    return Plain;
                case 'y' or 'm' or 'd' or 'h' or 's' or 'Y' or 'M' or 'D' or 'H' or 'S':
                    date.Append(char.ToLowerInvariant(character));
                    break;
                default:
                    if (section.AsSpan(i).StartsWith("General", StringComparison.OrdinalIgnoreCase))
                    {
                        return Plain;
                    }

                    if (section.AsSpan(i).StartsWith("AM/PM", StringComparison.OrdinalIgnoreCase))
                    {
                        date.Append('h');
                        i += "AM/PM".Length - 1;
                        break;
                    }

                    date.Append(character == ':' ? ":" : " ");
                    AppendText(pattern, character.ToString());
                    break;
            }
        }

        var isDate = date.ToString().Any(letter => letter is not (' ' or ':'));
        return new NumberFormatCode(isDate ? date.ToString() : pattern.ToString(), IsGeneral: !isDate && pattern.Length == 0 && section.Length == 0, isDate, IsText: false, isForNegative, Thousands: thousands + commas);
    }

    /// <summary>[$€-407] is a currency, [h] hours that go on past 24; colours and languages show nothing.</summary>
    private static void AppendBracket(string bracket, StringBuilder pattern, StringBuilder date)
    {
        if (bracket.StartsWith('$'))
        {
            AppendText(pattern, bracket[1..].Split('-')[0]);
        }
        else if (bracket is ['h' or 'H', ..] or ['m' or 'M'] or ['m' or 'M', 'm' or 'M'] or ['s' or 'S', ..])
        {
            date.Append('[').Append(char.ToLowerInvariant(bracket[0])).Append(']');
        }
    }

    private static void AppendText(StringBuilder pattern, string text)
    {
        foreach (var character in text)
        {
            pattern.Append('\\').Append(character);
        }
    }
}
