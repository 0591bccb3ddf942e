namespace RagPlatform.Client;

/// <summary>Compared as what it is: text exactly, numbers and dates by value. A field that does not read as one does not match.</summary>
public abstract record FilterValue
{
    private FilterValue()
    {
    }

    public static implicit operator FilterValue(string value) => new Text(value);

    public static implicit operator FilterValue(double value) => new Number(value);

    public static implicit operator FilterValue(DateTimeOffset value) => new Date(value);

    /// <summary>As a filter's text has it.</summary>
    public sealed override string ToString() => FilterWriter.Write(this);

    public sealed record Text(string Value) : FilterValue;

    /// <summary>Finite.</summary>
    public sealed record Number(double Value) : FilterValue;

    public sealed record Date(DateTimeOffset Value) : FilterValue;
}
