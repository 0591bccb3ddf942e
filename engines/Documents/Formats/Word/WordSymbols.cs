using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Characters of symbol fonts (w:sym), whose codes mean nothing outside their font.</summary>
internal static class WordSymbols
{
    /// <summary>The Symbol font from 0x41 to 0x7A in Unicode, by Adobe's mapping.</summary>
    private const string Greek = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ";

    private static readonly Dictionary<int, string> Symbol = new()
    {
        [0xA3] = "≤", [0xA5] = "∞", [0xAB] = "↔", [0xAC] = "←", [0xAD] = "↑", [0xAE] = "→", [0xAF] = "↓", [0xB0] = "°", [0xB1] = "±", [0xB3] = "≥",
        [0xB4] = "×", [0xB5] = "∝", [0xB6] = "∂", [0xB7] = "•", [0xB8] = "÷", [0xB9] = "≠", [0xBA] = "≡", [0xBB] = "≈", [0xC5] = "⊕", [0xC7] = "∩",
        [0xC8] = "∪", [0xCE] = "∈", [0xCF] = "∉", [0xD5] = "∏", [0xD6] = "√", [0xDB] = "⇔", [0xDE] = "⇒", [0xE5] = "∑", [0xF2] = "∫",
    };

    private static readonly Dictionary<int, string> Wingdings = new()
    {
        [0x4A] = "☺", [0x6C] = "●", [0x6E] = "■", [0x6F] = "□", [0x71] = "❑", [0x75] = "◆", [0x9F] = "•", [0xA7] = "▪", [0xA8] = "◻", [0xD8] = "➢",
        [0xDF] = "←", [0xE0] = "→", [0xE8] = "➔", [0xFB] = "✗", [0xFC] = "✓", [0xFD] = "☒", [0xFE] = "☑",
    };

    /// <param name="code">Hexadecimal; symbol fonts are also reached from 0xF000 on.</param>
    /// <returns>Empty for a symbol that is not known.</returns>
    public static string Of(string? font, string? code)
    {
        if (!int.TryParse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var character) || character is <= 0 or > 0xFFFF)
        {
            return "";
        }

        var inFont = character is >= 0xF000 and <= 0xF0FF ? character - 0xF000 : character;
        return font switch
        {
            "Symbol" when inFont is >= 'A' and <= 'z' && inFont - 'A' < Greek.Length => Greek[inFont - 'A'].ToString(),
            "Symbol" when Symbol.TryGetValue(inFont, out var known) => known,
            "Wingdings" when Wingdings.TryGetValue(inFont, out var known) => known,
            "Symbol" when inFont is > 0x20 and < 'A' => ((char)inFont).ToString(),
            _ when character is < 0xE000 and not (>= 0xD800 and <= 0xDFFF) && font is not ("Symbol" or "Wingdings" or "Wingdings 2" or "Wingdings 3" or "Webdings") => ((char)character).ToString(),
            _ => "",
        };
    }
}
