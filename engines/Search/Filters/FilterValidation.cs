using static RagPlatform.Search.Filters.FilterLimits;

namespace RagPlatform.Search.Filters;

/// <summary>Refuses filters beyond <see cref="FilterLimits"/> and those that mean nothing.</summary>
public static class FilterValidation
{
    private const int MaxShownCharacters = 40;

    /// <exception cref="FilterException">The first part that is wrong, in the filter's order.</exception>
    public static void Check(Filter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = 0;
        Check(filter, "filter", depth: 1, ref conditions);
    }

    private static void Check(Filter filter, string path, int depth, ref int conditions)
    {
        if (depth > MaxDepth)
        {
            throw new FilterException(path, $"filters are nested deeper than the limit of {MaxDepth}; join lists of the same kind into one.");
        }

        // An empty list is worth as much work as a condition; lists that are not cannot be many more than the conditions in them.
        if (filter is not (Filter.Not or Filter.All { Filters.Count: > 0 } or Filter.Any { Filters.Count: > 0 }) && ++conditions > MaxConditions)
        {
            throw new FilterException(path, $"the filter has more than {MaxConditions} conditions and empty lists; list values of one field with in.");
        }

        switch (filter)
        {
            case Filter.All all:
                CheckList(all.Filters, $"{path}.all.filters", depth, ref conditions);
                return;
            case Filter.Any any:
                CheckList(any.Filters, $"{path}.any.filters", depth, ref conditions);
                return;
            case Filter.Not not:
                Check(not.Inner, $"{path}.not", depth + 1, ref conditions);
                return;
            default:
                CheckCondition(filter, $"{path}.condition");
                return;
        }
    }

    private static void CheckList(IReadOnlyList<Filter> filters, string path, int depth, ref int conditions)
    {
        if (filters.Count > MaxListed)
        {
            throw new FilterException(path, $"{filters.Count} filters are listed; the limit is {MaxListed}. List values of one field with in.");
        }

        for (var i = 0; i < filters.Count; i++)
        {
            Check(filters[i], $"{path}[{i}]", depth + 1, ref conditions);
        }
    }

    private static void CheckCondition(Filter condition, string path)
    {
        switch (condition)
        {
            case Filter.EqualTo equal:
                CheckField(equal.Field, path);
                CheckValue(equal.Value, $"{path}.equals");
                break;
            case Filter.In anyOf:
                CheckField(anyOf.Field, path);
                CheckValues(anyOf.Values, $"{path}.in.values");
                break;
            case Filter.Range range:
                CheckField(range.Field, path);
                CheckRange(range, $"{path}.range");
                break;
            case Filter.Exists exists:
                CheckField(exists.Field, path);
                break;
        }
    }

    private static void CheckField(string field, string path)
    {
        if (field.Length is 0 or > MaxFieldCharacters)
        {
            throw new FilterException($"{path}.field", $"'{Shorten(field)}' has {field.Length} characters; a field's name has 1 to {MaxFieldCharacters}. Name a metadata key, document_id, title or uri.");
        }
    }

    private static void CheckValues(IReadOnlyList<FilterValue> values, string path)
    {
        if (values.Count is 0 or > MaxValues)
        {
            throw new FilterException(path, $"{values.Count} values are listed; 1 to {MaxValues} are allowed. Use exists to ask for any value, any to join lists.");
        }

        for (var i = 0; i < values.Count; i++)
        {
            CheckValue(values[i], $"{path}[{i}]");
        }
    }

    private static void CheckValue(FilterValue value, string path)
    {
        switch (value)
        {
            case FilterValue.Text { Value.Length: > MaxTextCharacters and var length } text:
                throw new FilterException($"{path}.text", $"'{Shorten(text.Value)}' has {length} characters; the limit is {MaxTextCharacters}, which no stored value exceeds.");
            case FilterValue.Number { Value: var number } when !double.IsFinite(number):
                throw new FilterException($"{path}.number", FormattableString.Invariant($"{number} is no finite number; give one that is."));
        }
    }

    private static void CheckRange(Filter.Range range, string path)
    {
        (string Name, FilterValue? Value)[] bounds =
            [("at_least", range.AtLeast), ("more_than", range.MoreThan), ("at_most", range.AtMost), ("less_than", range.LessThan)];
        var given = Array.FindAll(bounds, bound => bound.Value is not null);
        if (given.Length == 0)
        {
            throw new FilterException(path, "there is no bound; give at least one of at_least, more_than, at_most, less_than, or use exists.");
        }

        foreach (var (name, value) in given)
        {
            if (value is FilterValue.Text text)
            {
                throw new FilterException($"{path}.{name}", $"'{Shorten(text.Value)}' is text; bounds are numbers or dates.");
            }

            if (value!.GetType() != given[0].Value!.GetType())
            {
                throw new FilterException($"{path}.{name}", $"{name} and {given[0].Name} are of different types; make all bounds numbers or all dates.");
            }

            CheckValue(value, $"{path}.{name}");
        }
    }

    private static string Shorten(string value) => FilterText.Shorten(value, MaxShownCharacters);
}
