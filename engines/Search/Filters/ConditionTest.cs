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
        Filter.Range range => IsWithin(range, FieldReading.Of(value)),
        _ => throw new ArgumentException($"{condition.GetType().Name} is no condition.", nameof(condition)),
    };

    /// <summary>For a number or a date; nothing else is equal to a reading.</summary>
    public static bool Equals(FilterValue wanted, FieldReading reading) => Compare(reading, wanted) == 0;

    public static bool IsWithin(Filter.Range range, FieldReading reading) =>
        (range.AtLeast is null || Compare(reading, range.AtLeast) >= 0)
        && (range.MoreThan is null || Compare(reading, range.MoreThan) > 0)
        && (range.AtMost is null || Compare(reading, range.AtMost) <= 0)
        && (range.LessThan is null || Compare(reading, range.LessThan) < 0);

    private static bool Equals(FilterValue wanted, string value, FieldReading reading) =>
        wanted is FilterValue.Text text ? string.Equals(text.Value, value, StringComparison.Ordinal) : Equals(wanted, reading);

    /// <summary>Null, which no comparison holds for, if the text does not read as what it is compared with.</summary>
    private static int? Compare(FieldReading reading, FilterValue bound) => bound switch
    {
        FilterValue.Number number when !double.IsNaN(reading.Number) => reading.Number.CompareTo(number.Value),
        FilterValue.Date date when reading.DateTicks != FieldReading.NoDate => reading.DateTicks.CompareTo(date.Value.UtcTicks),
        _ => null,
    };
}
