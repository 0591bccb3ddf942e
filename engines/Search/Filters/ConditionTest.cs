namespace RagPlatform.Search.Filters;

/// <summary>A condition on one field's value. What a number or a date is compared with is what the text reads as.</summary>
internal static class ConditionTest
{
    public static string FieldOf(Filter condition) => condition switch
    {
        Filter.EqualTo equal => equal.Field,
        Filter.In anyOf => anyOf.Field,
        Filter.Range range => range.Field,
        Filter.Exists exists => exists.Field,
        _ => throw new ArgumentException($"{condition.GetType().Name} is no condition.", nameof(condition)),
    };

    /// <param name="value">Null: the document does not have the field.</param>
    public static bool Holds(Filter condition, string? value) => condition switch
    {
        Filter.Exists exists => exists.IsThere == value is not null,
        _ when value is null => false,
        Filter.EqualTo equal => Equals(equal.Value, value, FieldReading.Of(value)),
        Filter.In anyOf => FieldReading.Of(value) is var reading && anyOf.Values.Any(wanted => Equals(wanted, value, reading)),
        Filter.Range range => ReadingRange.Of(range).Contains(FieldReading.Of(value)),
        _ => throw new ArgumentException($"{condition.GetType().Name} is no condition.", nameof(condition)),
    };

    private static bool Equals(FilterValue wanted, string value, FieldReading reading) =>
        wanted is FilterValue.Text text ? string.Equals(text.Value, value, StringComparison.Ordinal) : ReadingRange.Of(wanted).Contains(reading);
}
