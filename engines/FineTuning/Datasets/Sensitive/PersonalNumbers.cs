using System.Text.RegularExpressions;

namespace RagPlatform.FineTuning.Datasets.Sensitive;

/// <summary>Finds telephone numbers, bank accounts (IBAN) and payment cards among a text's digits.</summary>
internal static partial class PersonalNumbers
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
    private const int LeastDigits = 8;
    private const int LeastPhoneDigits = 9;
    private const int MostPhoneDigits = 15;

    /// <summary>Lengths by country, from the IBAN registry (ISO 13616).</summary>
    private const string IbanLengths =
        "AD24 AE23 AT20 BA20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IL23 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SA24 SE24 SI19 SK24 SM27 TR26 UA29";

    public static IEnumerable<SensitiveSpan> Find(string text)
    {
        if (text.Count(char.IsAsciiDigit) < LeastDigits)
        {
            yield break;
        }

        foreach (var (kind, pattern, judge) in new (string, Regex, Func<string, int>)[]
            {
                ("a telephone number", Phone, PhoneLength), ("a bank account (IBAN)", Iban, IbanLength), ("a payment card's number", Card, CardLength),
            })
        {
            for (var match = pattern.Match(text); match.Success; match = match.NextMatch())
            {
                var length = IsPartOfNumber(text, match) ? 0 : judge(match.Value);
                if (length > 0)
                {
                    yield return new SensitiveSpan(kind, false, match.Index, length);
                    break;
                }
            }
        }
    }

    /// <summary>Sum of the digits from the right, every second one doubled, is a multiple of ten (ISO/IEC 7812-1, annex B).</summary>
    internal static bool PassesLuhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : (digit * 2 / 10) + (digit * 2 % 10);
        }

        return sum % 10 == 0;
    }

    private static bool IsPartOfNumber(string text, Match match) =>
        match.Index > 0 && (char.IsLetterOrDigit(text[match.Index - 1]) || text[match.Index - 1] is '.' or '-' or '_');

    private static int PhoneLength(string text)
    {
        var trimmed = text.TrimEnd(' ', '.', '-', '(', ')');
        var digits = trimmed.Count(char.IsAsciiDigit);
        // 555-01xx is kept for fiction in North America.
        return digits is >= LeastPhoneDigits and <= MostPhoneDigits && !trimmed.Contains("555-01", StringComparison.Ordinal) ? trimmed.Length : 0;
    }

    private static int CardLength(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return IsIssued(digits) && PassesLuhn(digits) ? text.Length : 0;
    }

    private static bool IsIssued(string digits)
    {
        var two = int.Parse(digits.AsSpan(0, 2), System.Globalization.CultureInfo.InvariantCulture);
        return digits.Length switch
        {
            13 or 19 => digits[0] == '4',
            14 => two is 30 or 36 or 38,
            15 => two is 34 or 37,
            16 => digits[0] == '4' || two is (>= 51 and <= 55) or (>= 22 and <= 27) or 35 or 60 or 65,
            _ => false,
        };
    }

    /// <summary>The letters and digits, read as a number with the first four moved to the end, leave 1 over after division by 97 (ISO 7064).</summary>
    private static int IbanLength(string text)
    {
        var found = IbanLengths.IndexOf(text[..2], StringComparison.Ordinal);
        if (found < 0 || found % 5 != 0)
        {
            return 0;
        }

        var wanted = int.Parse(IbanLengths.AsSpan(found + 2, 2), System.Globalization.CultureInfo.InvariantCulture);
        var (length, code) = (0, new List<char>(wanted));
        while (length < text.Length && code.Count < wanted)
        {
            if (text[length++] is var character and not ' ')
            {
                code.Add(character);
            }
        }

        var remainder = 0;
        foreach (var character in code.Skip(4).Concat(code.Take(4)))
        {
            remainder = char.IsAsciiDigit(character) ? ((remainder * 10) + character - '0') % 97 : ((remainder * 100) + character - 'A' + 10) % 97;
        }

        return code.Count == wanted && remainder == 1 ? length : 0;
    }

    [GeneratedRegex(@"\+[1-9][0-9]{0,2}[ .()/-]?(?:[0-9][ .()/-]{0,2}){6,14}|\(?\b[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}\b", Options)]
    private static partial Regex Phone { get; }

    [GeneratedRegex(@"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b", Options)]
    private static partial Regex Iban { get; }

    [GeneratedRegex(@"\b[0-9](?:[ -]?[0-9]){12,18}\b", Options)]
    private static partial Regex Card { get; }
}
