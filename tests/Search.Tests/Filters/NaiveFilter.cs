using System.Globalization;
using RagPlatform.Search.Filters;

namespace RagPlatform.Search.Tests.Filters;

/// <summary>What a filter means, read off its definition.</summary>
internal static class NaiveFilter
{
    private static readonly string[] DateShapes = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    public static bool Holds(Filter filter, IndexedDocument document) => filter switch
    {
        Filter.All all => !all.Filters.Any(member => !Holds(member, document)),
        Filter.Any any => any.Filters.Any(member => Holds(member, document)),
        Filter.Not not => !Holds(not.Inner, document),
        Filter.EqualTo equal => Value(document, equal.Field) is { } value && IsEqual(value, equal.Value),
        Filter.In anyOf => Value(document, anyOf.Field) is { } value && anyOf.Values.Any(wanted => IsEqual(value, wanted)),
        Filter.Range range => Value(document, range.Field) is { } value
            && Meets(value, range.AtLeast, order => order >= 0) && Meets(value, range.MoreThan, order => order > 0)
            && Meets(value, range.AtMost, order => order <= 0) && Meets(value, range.LessThan, order => order < 0),
        Filter.Exists exists => (Value(document, exists.Field) is not null) == exists.IsThere,
        _ => throw new ArgumentException("unknown", nameof(filter)),
    };

    private static string? Value(IndexedDocument document, string field) =>
        field == "document_id" ? document.DocumentId
        : field == "title" ? document.Title
        : field == "uri" ? document.Uri
        : document.Metadata.TryGetValue(field, out var value) ? value : null;

    private static bool IsEqual(string value, FilterValue wanted) =>
        wanted is FilterValue.Text text ? text.Value == value : Order(value, wanted) == 0;

    private static bool Meets(string value, FilterValue? bound, Func<int, bool> holds) =>
        bound is null || (Order(value, bound) is { } order && holds(order));

    private static int? Order(string value, FilterValue bound)
    {
        if (bound is FilterValue.Number wanted)
        {
            return value.Length > 0 && value.All(c => char.IsAsciiDigit(c) || "+-.eE".Contains(c))
                && double.TryParse(value, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e300
                ? Math.Sign(number - wanted.Value)
                : null;
        }

        return ReadDate(value) is { } date ? date.UtcDateTime.CompareTo(((FilterValue.Date)bound).Value.UtcDateTime) : null;
    }

    private static DateTimeOffset? ReadDate(string value)
    {
        var offset = TimeSpan.Zero;
        if (value.EndsWith('Z') && value.Contains('T'))
        {
            value = value[..^1];
        }
        else if (value.Contains('T') && value.LastIndexOfAny(['+', '-']) is var sign && sign > value.IndexOf('T'))
        {
            offset = TimeSpan.ParseExact(value[(sign + 1)..], "hh\\:mm", CultureInfo.InvariantCulture) * (value[sign] == '-' ? -1 : 1);
            value = value[..sign];
        }

        // The test's only fraction is finer than a tick.
        value = value.Replace(".0000000001", "", StringComparison.Ordinal);
        return DateTime.TryParseExact(value, DateShapes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(local, offset) : null;
    }
}
