using System.Globalization;

namespace RagPlatform.Client;

/// <summary>A filter in the language that <see cref="FilterParser"/> reads, with brackets only where they are needed.</summary>
internal static class FilterWriter
{
    public static string Write(Filter filter) => filter switch
    {
        Filter.All all => string.Join(" and ", all.Filters.Select(Part)),
        Filter.Any any => string.Join(" or ", any.Filters.Select(Part)),
        Filter.Not not => $"not {Part(not.Inner)}",
        Filter.EqualTo equal => $"{Field(equal.Field)} = {Write(equal.Value)}",
        Filter.In list => $"{Field(list.Field)} in ({string.Join(", ", list.Values.Select(Write))})",
        Filter.Range range => Range(range),
        Filter.Exists exists => exists.IsThere ? $"{Field(exists.Field)} exists" : $"not {Field(exists.Field)} exists",
        _ => throw new InvalidOperationException($"{filter.GetType().Name} has no text."),
    };

    public static string Write(FilterValue value) => value switch
    {
        FilterValue.Text text => Quote(text.Value),
        FilterValue.Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        FilterValue.Date { Value: var date } => date.TimeOfDay == TimeSpan.Zero && date.Offset == TimeSpan.Zero
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{value.GetType().Name} has no text."),
    };

    private static string Part(Filter filter)
    {
        var isOne = filter is Filter.All { Filters.Count: 1 } or Filter.Any { Filters.Count: 1 };
        var isMany = filter is Filter.All or Filter.Any || filter is Filter.Range range && Bounds(range).Count() > 1;
        return isMany && !isOne ? $"({Write(filter)})" : isOne ? Part(Single(filter)) : Write(filter);
    }

    private static Filter Single(Filter filter) => filter is Filter.All all ? all.Filters[0] : ((Filter.Any)filter).Filters[0];

    private static string Range(Filter.Range range) =>
        string.Join(" and ", Bounds(range).Select(bound => $"{Field(range.Field)} {bound.Operator} {Write(bound.Value!)}"));

    private static IEnumerable<(string Operator, FilterValue? Value)> Bounds(Filter.Range range) =>
        new[] { (">=", range.AtLeast), (">", range.MoreThan), ("<=", range.AtMost), ("<", range.LessThan) }.Where(bound => bound.Item2 is not null);

    private static string Field(string field) => FilterLexer.IsPlainField(field) ? field : Quote(field);

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
