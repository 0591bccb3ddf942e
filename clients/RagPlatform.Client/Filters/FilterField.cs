namespace RagPlatform.Client;

/// <summary>A field, to be compared: <see cref="Filter.Where"/>.</summary>
/// <param name="Name">A metadata key, "document_id", "title" or "uri".</param>
public sealed record FilterField(string Name)
{
    public Filter EqualTo(FilterValue value) => new Filter.EqualTo(Name, value);

    /// <summary>1 to 256 values, of which the field's is one.</summary>
    public Filter In(params IReadOnlyList<FilterValue> values) => new Filter.In(Name, values);

    public Filter AtLeast(FilterValue bound) => new Filter.Range(Name, AtLeast: bound);

    public Filter MoreThan(FilterValue bound) => new Filter.Range(Name, MoreThan: bound);

    public Filter AtMost(FilterValue bound) => new Filter.Range(Name, AtMost: bound);

    public Filter LessThan(FilterValue bound) => new Filter.Range(Name, LessThan: bound);

    /// <summary>Both bounds included.</summary>
    public Filter Between(FilterValue atLeast, FilterValue atMost) => new Filter.Range(Name, AtLeast: atLeast, AtMost: atMost);

    public Filter Exists() => new Filter.Exists(Name);
}
