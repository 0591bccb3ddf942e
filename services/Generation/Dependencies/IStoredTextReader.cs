namespace RagPlatform.Generation.Dependencies;

/// <summary>Reads what is really stored.</summary>
public interface IStoredTextReader
{
    /// <returns>As many texts as ranges, in their order; null where the document, the version or the range is not there.</returns>
    /// <param name="ranges">1 to 256.</param>
    Task<IReadOnlyList<string?>> ReadAsync(string tenant, string collection, IReadOnlyList<StoredRange> ranges, CancellationToken cancellationToken);
}

/// <summary>In UTF-16 code units into the stored text of that version; the end is exclusive.</summary>
public sealed record StoredRange(string DocumentId, long Version, int Start, int End)
{
    /// <summary>The longest range that can be read at once.</summary>
    public const int MaxCharacters = 16_384;
}
