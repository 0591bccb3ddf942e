namespace RagPlatform.Client;

/// <summary>
/// A condition on documents. Fields are metadata keys; "document_id", "title" and "uri" are always there. Built as
/// <c>Filter.Where("year").AtLeast(2020) &amp; !Filter.Where("draft").Exists()</c>, or read from the language in which
/// <see cref="ToString"/> writes it.
/// </summary>
public abstract record Filter
{
    private Filter()
    {
    }

    /// <summary>The condition on a metadata field of this name, 1 to 128 characters.</summary>
    public static FilterField Where(string field) => new(field);

    /// <summary>Reads <c>year &gt;= 2020 and (lang = "de" or not draft exists)</c>: see README.md, "Filters".</summary>
    /// <exception cref="FilterSyntaxException">Says where the text is wrong and what would be right.</exception>
    public static Filter Parse(string text) => FilterParser.Parse(text);

    public static Filter operator &(Filter left, Filter right) => new All([left, right]);

    public static Filter operator |(Filter left, Filter right) => new Any([left, right]);

    public static Filter operator !(Filter filter) => new Not(filter);

    /// <summary>In the language that <see cref="Parse"/> reads.</summary>
    public sealed override string ToString() => FilterWriter.Write(this);

    /// <summary>Every one holds; 1 to 64 filters.</summary>
    public sealed record All(IReadOnlyList<Filter> Filters) : Filter
    {
        public IReadOnlyList<Filter> Filters { get; } = NotEmpty(Filters);
    }

    /// <summary>At least one holds; 1 to 64 filters.</summary>
    public sealed record Any(IReadOnlyList<Filter> Filters) : Filter
    {
        public IReadOnlyList<Filter> Filters { get; } = NotEmpty(Filters);
    }

    public sealed record Not(Filter Inner) : Filter;

    public sealed record EqualTo(string Field, FilterValue Value) : Filter;

    /// <summary>1 to 256 values.</summary>
    public sealed record In(string Field, IReadOnlyList<FilterValue> Values) : Filter
    {
        public IReadOnlyList<FilterValue> Values { get; } = NotEmpty(Values);
    }

    /// <summary>Numbers or dates, all of one type; at least one bound, null is none.</summary>
    public sealed record Range(string Field, FilterValue? AtLeast = null, FilterValue? MoreThan = null, FilterValue? AtMost = null, FilterValue? LessThan = null) : Filter;

    public sealed record Exists(string Field, bool IsThere = true) : Filter;

    private static IReadOnlyList<T> NotEmpty<T>(IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.Count > 0 ? items : throw new ArgumentException("At least one is needed.", nameof(items));
    }
}
