using System.Globalization;

namespace RagPlatform.Search.Filters;

/// <summary>Conditions as people write them: year >= 2020, lang = "en", day in (2024-01-31, 2024-02-29).</summary>
internal static class FilterText
{
    private const int MaxShownValues = 8;
    private const int MaxShownCharacters = 100;

    /// <param name="negated">The condition must not hold.</param>
    public static string Of(Filter condition, bool negated)
    {
        var text = condition switch
        {
            Filter.EqualTo equal => $"{equal.Field} = {Of(equal.Value)}",
            Filter.In anyOf => $"{anyOf.Field} in ({Of(anyOf.Values)})",
            Filter.Range range => string.Join(" and ", Bounds(range)),
            Filter.Exists exists => $"{exists.Field} {(exists.IsThere ? "exists" : "does not exist")}",
            _ => throw new ArgumentException($"{condition.GetType().Name} is no condition.", nameof(condition)),
        };
        return negated ? $"not ({text})" : text;
    }

    /// <summary>At most so many characters and a mark that there are more; no character is cut in two.</summary>
    public static string Shorten(string value, int maxCharacters)
    {
        if (value.Length <= maxCharacters)
        {
            return value;
        }

        var end = char.IsHighSurrogate(value[maxCharacters - 1]) ? maxCharacters - 1 : maxCharacters;
        return $"{value[..end]}…";
    }

    private static IEnumerable<string> Bounds(Filter.Range range)
    {
        (string Sign, FilterValue? Value)[] bounds =
            [(">=", range.AtLeast), (">", range.MoreThan), ("<=", range.AtMost), ("<", range.LessThan)];
        return from bound in bounds where bound.Value is not null select $"{range.Field} {bound.Sign} {Of(bound.Value)}";
    }

    private static string Of(IReadOnlyList<FilterValue> values)
    {
        var shown = string.Join(", ", values.Take(MaxShownValues).Select(Of));
        return values.Count <= MaxShownValues ? shown : $"{shown} and {values.Count - MaxShownValues} more";
    }

    private static string Of(FilterValue value) => value switch
    {
        FilterValue.Text text => $"\"{Shorten(text.Value, MaxShownCharacters)}\"",
        FilterValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        FilterValue.Date date => Of(date.Value.UtcDateTime),
        _ => throw new ArgumentException($"{value.GetType().Name} is no value.", nameof(value)),
    };

    private static string Of(DateTime utc) =>
        utc.ToString(utc.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}
