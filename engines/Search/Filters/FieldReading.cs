using System.Globalization;
using System.Text;

namespace RagPlatform.Search.Filters;

/// <summary>What a field's text is as a number and as a date; each may be none.</summary>
/// <param name="Number">NaN: none.</param>
/// <param name="DateTicks">UTC, as <see cref="DateTime.Ticks"/>; <see cref="NoDate"/>: none.</param>
public readonly record struct FieldReading(double Number, long DateTicks)
{
    public const long NoDate = long.MinValue;

    private const int MinDateBytes = 10;
    private const int MaxDateBytes = 64;
    private const int MaxFractionDigits = 7;

    // The extended form of ISO 8601 with a calendar date; K is Z, an offset or nothing.
    private static readonly string[] DateFormats =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static FieldReading Of(ReadOnlySpan<byte> utf8) => new(ReadNumber(utf8), ReadDate(utf8));

    public static FieldReading Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    private static double ReadNumber(ReadOnlySpan<byte> utf8)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(utf8, Style, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN;
    }

    private static long ReadDate(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is < MinDateBytes or > MaxDateBytes || utf8[4] != '-' || utf8[7] != '-')
        {
            return NoDate;
        }

        Span<char> text = stackalloc char[MaxDateBytes];
        text = text[..Encoding.UTF8.GetChars(utf8, text)];
        return DateTimeOffset.TryParseExact(
            CutFraction(text), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? date.UtcTicks
            : NoDate;
    }

    /// <summary>Nanoseconds are finer than a tick; what is beyond a tick is dropped.</summary>
    private static ReadOnlySpan<char> CutFraction(Span<char> text)
    {
        var digits = text.IndexOf('.') + 1;
        if (digits == 0)
        {
            return text;
        }

        var end = digits;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        var cut = Math.Min(end, digits + MaxFractionDigits);
        text[end..].CopyTo(text[cut..]);
        return text[..(text.Length - (end - cut))];
    }
}
