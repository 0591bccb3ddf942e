namespace RagPlatform.Search.Filters;

/// <summary>
/// A condition on a document. Fields are metadata keys; <see cref="BuiltInFields"/> are always there and win over metadata
/// of the same name. <see cref="FilterLimits"/> says how large one may be.
/// </summary>
public abstract record Filter
{
    public sealed record All(IReadOnlyList<Filter> Filters) : Filter;

    public sealed record Any(IReadOnlyList<Filter> Filters) : Filter;

    public sealed record Not(Filter Inner) : Filter;

    public sealed record EqualTo(string Field, FilterValue Value) : Filter;

    public sealed record In(string Field, IReadOnlyList<FilterValue> Values) : Filter;

    /// <summary>Numbers or dates, all of one type; null is no bound.</summary>
    public sealed record Range(string Field, FilterValue? AtLeast, FilterValue? MoreThan, FilterValue? AtMost, FilterValue? LessThan) : Filter;

    public sealed record Exists(string Field, bool IsThere) : Filter;
}

/// <summary>Compared as what it is. A field's text that does not read as a number or a date does not match one.</summary>
public abstract record FilterValue
{
    /// <summary>Compared exactly, by UTF-16 code unit.</summary>
    public sealed record Text(string Value) : FilterValue;

    /// <summary>Finite. Fields are read in invariant culture: "-12.5e3".</summary>
    public sealed record Number(double Value) : FilterValue;

    /// <summary>Fields are read as ISO 8601: a date, or a date and time with or without an offset; without one it is UTC.</summary>
    public sealed record Date(DateTimeOffset Value) : FilterValue;
}

public static class BuiltInFields
{
    public const string DocumentId = "document_id";
    public const string Title = "title";
    public const string Uri = "uri";
}
