namespace RagPlatform.Search.Filters;

/// <summary>What a filter may be; <see cref="FilterValidation"/> enforces it.</summary>
public static class FilterLimits
{
    /// <summary>Characters of a field's name, at least 1: what metadata keys may have.</summary>
    public const int MaxFieldCharacters = 128;

    /// <summary>Characters of a text to compare with: what the longest of the fields, the uri, may have.</summary>
    public const int MaxTextCharacters = 2048;

    /// <summary>Filters inside each other; a condition alone is 1 deep.</summary>
    public const int MaxDepth = 8;

    /// <summary>Members of one <see cref="Filter.All"/> or <see cref="Filter.Any"/>.</summary>
    public const int MaxListed = 64;

    /// <summary>Conditions and empty lists of a whole filter.</summary>
    public const int MaxConditions = 256;

    /// <summary>Values of one <see cref="Filter.In"/>, at least 1.</summary>
    public const int MaxValues = 256;
}
