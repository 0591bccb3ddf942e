using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>"Fri, 21 Nov 1997 09:55:06 -0600 (CST)" (RFC 5322, 3.3 and 4.3).</summary>
internal static class MailDate
{
    private static readonly string[] Formats = ["d MMM yyyy H:m:s zzz", "d MMM yyyy H:m zzz", "d MMM yy H:m:s zzz", "d MMM yy H:m zzz"];

    private static readonly Dictionary<string, string> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UT"] = "+00:00", ["GMT"] = "+00:00", ["UTC"] = "+00:00", ["Z"] = "+00:00", ["EST"] = "-05:00", ["EDT"] = "-04:00",
        ["CST"] = "-06:00", ["CDT"] = "-05:00", ["MST"] = "-07:00", ["MDT"] = "-06:00", ["PST"] = "-08:00", ["PDT"] = "-07:00",
    };

    /// <summary>Null when it is none.</summary>
    public static DateTimeOffset? Parse(string field)
    {
        var comment = field.IndexOf('(', StringComparison.Ordinal);
        var words = (comment < 0 ? field : field[..comment]).Split((char[]?)[' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries).ToList();
        if (words.Count > 0 && char.IsLetter(words[0][0]))
        {
            words.RemoveAt(0);
        }

        if (words.Count is < 4 or > 5)
        {
            return null;
        }

        var zone = words.Count == 5 ? words[4] : "-0000";
        words = [.. words.Take(4), Zones.GetValueOrDefault(zone, zone.Length == 5 ? zone.Insert(3, ":") : zone)];
        return DateTimeOffset.TryParseExact(string.Join(' ', words), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }
}
