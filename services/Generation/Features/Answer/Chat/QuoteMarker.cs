namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>How far a marker [n: "quote"] can be read.</summary>
internal enum MarkerReading
{
    /// <summary>What stands here is no marker.</summary>
    None,
    /// <summary>It may become one with more text.</summary>
    Incomplete,
    Complete,
}

/// <summary>A citation as the model writes it: a claim, to be verified.</summary>
/// <param name="SourceNumber">0 when it is no number that fits.</param>
/// <param name="Quote">Empty for a bare [n].</param>
internal readonly record struct QuoteMarker(int SourceNumber, string Quote)
{
    private const string Quotes = "\"“”„«»";

    /// <summary>Reads [n], [n: "quote"] or [n, m] at a "[". The quote ends at the first quotation mark that a "]" follows.</summary>
    /// <param name="end">Behind the marker, when it is complete.</param>
    public static MarkerReading Read(ReadOnlySpan<char> text, int start, out QuoteMarker marker, out int end)
    {
        marker = default;
        end = start;
        var i = SkipBlanks(text, start + 1);
        var digits = i;
        while (i < text.Length && char.IsDigit(text[i]))
        {
            i++;
        }

        if (i == text.Length)
        {
            return MarkerReading.Incomplete;
        }

        if (i == digits)
        {
            return MarkerReading.None;
        }

        _ = int.TryParse(text[digits..i], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number);
        i = SkipBlanks(text, i);
        if (i == text.Length)
        {
            return MarkerReading.Incomplete;
        }

        return text[i] switch
        {
            ']' => Complete(new QuoteMarker(number, ""), i + 1, out marker, out end),
            ',' or ';' or '-' or '–' => ReadList(text, i, out marker, out end),
            ':' => ReadQuote(text, i + 1, number, out marker, out end),
            _ => MarkerReading.None,
        };
    }

    private static MarkerReading ReadQuote(ReadOnlySpan<char> text, int i, int number, out QuoteMarker marker, out int end)
    {
        marker = default;
        end = i;
        i = SkipBlanks(text, i);
        if (i == text.Length)
        {
            return MarkerReading.Incomplete;
        }

        if (!Quotes.Contains(text[i], StringComparison.Ordinal))
        {
            return MarkerReading.None;
        }

        var start = i + 1;
        for (i = start; i < text.Length; i++)
        {
            if (Quotes.Contains(text[i], StringComparison.Ordinal))
            {
                var close = SkipBlanks(text, i + 1);
                if (close == text.Length)
                {
                    return MarkerReading.Incomplete;
                }

                if (text[close] == ']')
                {
                    var quote = text[start..i].ToString().Replace("\\\"", "\"", StringComparison.Ordinal);
                    return Complete(new QuoteMarker(number, quote), close + 1, out marker, out end);
                }
            }
        }

        return MarkerReading.Incomplete;
    }

    /// <summary>[1, 2]: numbers without quotes cite nothing that could be verified.</summary>
    private static MarkerReading ReadList(ReadOnlySpan<char> text, int i, out QuoteMarker marker, out int end)
    {
        marker = default;
        end = i;
        while (i < text.Length && (char.IsDigit(text[i]) || text[i] is ',' or ';' or '-' or '–' or ' '))
        {
            i++;
        }

        return i == text.Length ? MarkerReading.Incomplete
            : text[i] == ']' ? Complete(new QuoteMarker(0, ""), i + 1, out marker, out end)
            : MarkerReading.None;
    }

    private static MarkerReading Complete(QuoteMarker read, int behind, out QuoteMarker marker, out int end)
    {
        (marker, end) = (read, behind);
        return MarkerReading.Complete;
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }

        return i;
    }
}
