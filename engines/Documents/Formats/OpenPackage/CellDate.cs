using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Dates and times, stored as days since the end of 1899, or since 1904 (ECMA-376 part 1, 18.17.4.1).</summary>
internal static class CellDate
{
    /// <summary>The last day of the year 9999 is left out, so that rounding stays inside .NET's range.</summary>
    private const double MaxDays = 2_958_465;

    private const int DaysTo1904 = 1462;

    /// <summary>Excel counts a 29th of February 1900, as Lotus 1-2-3 did; days before it are one off.</summary>
    private const int DaysToMarch1900 = 60;

    /// <param name="pattern">A format's letters: y, m, d, h, s, and [h], [m] or [s] for a length of time.</param>
    /// <returns>ISO 8601 as far as the format shows it; null for what is no date.</returns>
    public static string? Show(double days, string pattern, bool is1904)
    {
        if (pattern.Contains('[', StringComparison.Ordinal))
        {
            return Length(days, pattern);
        }

        var serial = days + (is1904 ? DaysTo1904 : 0);
        if (serial is < 0 or >= MaxDays)
        {
            return null;
        }

        // Rounded to what Excel keeps, so that 0.999999999 is the next second and not the last.
        var date = new DateTime(1899, 12, serial < DaysToMarch1900 ? 31 : 30, 0, 0, 0, DateTimeKind.Unspecified)
            .AddSeconds(Math.Round(serial * 86_400));
        var hasYear = pattern.Contains('y', StringComparison.Ordinal);
        var hasHour = pattern.Contains('h', StringComparison.Ordinal);
        var hasSecond = pattern.Contains('s', StringComparison.Ordinal);
        var hasDay = pattern.Contains('d', StringComparison.Ordinal);
        var hasMonth = pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(word => !word.Contains(':', StringComparison.Ordinal) && word.Contains('m', StringComparison.Ordinal));
        if (!hasYear && !hasDay && (hasHour || hasSecond || !hasMonth))
        {
            return date.ToString(hasSecond ? hasHour ? "HH:mm:ss" : "mm:ss" : "HH:mm", CultureInfo.InvariantCulture);
        }

        var shown = (hasYear, hasMonth, hasDay) switch
        {
            (true, _, true) => "yyyy-MM-dd",
            (true, true, false) => "yyyy-MM",
            (true, false, false) => "yyyy",
            (false, true, true) => "d MMMM",
            (false, true, false) => "MMMM",
            _ => pattern.Contains("ddd", StringComparison.Ordinal) ? "dddd" : "%d",
        };
        return date.ToString(hasHour ? shown + (hasSecond ? " HH:mm:ss" : " HH:mm") : shown, CultureInfo.InvariantCulture);
    }

    private static string? Length(double days, string pattern)
    {
        if (Math.Abs(days) >= MaxDays)
        {
            return null;
        }

        var seconds = (long)Math.Round(Math.Abs(days) * 86_400);
        var sign = days < 0 ? "-" : "";
        return pattern switch
        {
            _ when pattern.Contains("[s]", StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}"),
            _ when pattern.Contains("[m]", StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds / 60}:{seconds % 60:00}"),
            _ when pattern[(pattern.IndexOf(']', StringComparison.Ordinal) + 1)..].Contains('s', StringComparison.Ordinal) =>
                string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds / 3600}:{seconds / 60 % 60:00}"),
        };
    }
}
