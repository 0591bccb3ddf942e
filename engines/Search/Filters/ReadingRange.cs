namespace RagPlatform.Search.Filters;

/// <summary>Numbers, or dates, from a lowest to a highest, both included.</summary>
internal readonly record struct ReadingRange(bool IsOfDates, double LowestNumber, double HighestNumber, long LowestTicks, long HighestTicks)
{
    private static readonly ReadingRange AllNumbers = new(IsOfDates: false, double.MinValue, double.MaxValue, 0, 0);

    private static readonly ReadingRange AllDates = new(IsOfDates: true, 0, 0, FieldReading.NoDate + 1, long.MaxValue);

    /// <param name="value">A number or a date.</param>
    public static ReadingRange Of(FilterValue value) => All(value).AtLeast(value).AtMost(value);

    public static ReadingRange Of(Filter.Range range)
    {
        var all = All((range.AtLeast ?? range.MoreThan ?? range.AtMost ?? range.LessThan)!);
        return all.AtLeast(range.AtLeast).MoreThan(range.MoreThan).AtMost(range.AtMost).LessThan(range.LessThan);
    }

    /// <summary>Never what does not read as one.</summary>
    public bool Contains(FieldReading reading) => IsOfDates ? Contains(reading.DateTicks) : Contains(reading.Number);

    public bool Contains(double number) => number >= LowestNumber && number <= HighestNumber;

    public bool Contains(long ticks) => ticks >= LowestTicks && ticks <= HighestTicks;

    private static ReadingRange All(FilterValue value) => value is FilterValue.Date ? AllDates : AllNumbers;

    private ReadingRange AtLeast(FilterValue? bound) => bound switch
    {
        FilterValue.Number number => this with { LowestNumber = Math.Max(LowestNumber, number.Value) },
        FilterValue.Date date => this with { LowestTicks = Math.Max(LowestTicks, date.Value.UtcTicks) },
        _ => this,
    };

    private ReadingRange MoreThan(FilterValue? bound) => bound switch
    {
        FilterValue.Number number => this with { LowestNumber = Math.Max(LowestNumber, Math.BitIncrement(number.Value)) },
        FilterValue.Date date => this with { LowestTicks = Math.Max(LowestTicks, date.Value.UtcTicks + 1) },
        _ => this,
    };

    private ReadingRange AtMost(FilterValue? bound) => bound switch
    {
        FilterValue.Number number => this with { HighestNumber = Math.Min(HighestNumber, number.Value) },
        FilterValue.Date date => this with { HighestTicks = Math.Min(HighestTicks, date.Value.UtcTicks) },
        _ => this,
    };

    private ReadingRange LessThan(FilterValue? bound) => bound switch
    {
        FilterValue.Number number => this with { HighestNumber = Math.Min(HighestNumber, Math.BitDecrement(number.Value)) },
        FilterValue.Date date => this with { HighestTicks = Math.Min(HighestTicks, date.Value.UtcTicks - 1) },
        _ => this,
    };
}
