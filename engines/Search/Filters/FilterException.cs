namespace RagPlatform.Search.Filters;

/// <summary>A filter that cannot be evaluated. The message gives the value, the limit and the remedy.</summary>
/// <param name="path">Of the offending part, e.g. "filter.all.filters[2].condition.range".</param>
public sealed class FilterException(string path, string message) : Exception($"{path}: {message}")
{
    /// <summary>In the terms of ragplatform.search.v1.Filter.</summary>
    public string Path => path;

    /// <summary>The message without the path.</summary>
    public string Reason => message;
}
