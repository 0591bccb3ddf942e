namespace RagPlatform.Generation.Dependencies;

/// <summary>Reads what is really stored.</summary>
public interface IStoredTextReader
{
    /// <returns>As many passages as ranges, in their order; null where the document, the version or the range is not there.</returns>
    /// <param name="tenant">Whose.</param>
    /// <param name="collection">Of the documents.</param>
    /// <param name="ranges">1 to 256.</param>
    /// <param name="widen">Reads all of the parent that a range lies in, where its document has been cut into parents.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<StoredPassage?>> ReadAsync(string tenant, string collection, IReadOnlyList<StoredRange> ranges, bool widen, CancellationToken cancellationToken);
}

/// <summary>In UTF-16 code units into the stored text of that version; the end is exclusive.</summary>
public sealed record StoredRange(string DocumentId, long Version, int Start, int End)
{
    /// <summary>The longest range that can be read at once.</summary>
    public const int MaxCharacters = 16_384;

    public bool IsReadable => Start >= 0 && End > Start && End - Start <= MaxCharacters;
}

/// <param name="Text">Verbatim.</param>
/// <param name="Start">Of the text: that of the range, or of its parent.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Location">In the original: "page 12"; empty where it has no such places.</param>
public sealed record StoredPassage(string Text, int Start, int End, string Location);
