namespace RagPlatform.Client;

/// <summary>How far the comparison of the registry with the index is.</summary>
/// <param name="Collection">That is being compared; empty at the end.</param>
/// <param name="CheckedDocuments">So far, over all collections.</param>
/// <param name="TotalDocuments">Over all collections.</param>
/// <param name="Difference">Just found; the first 1,000 are told one by one.</param>
/// <param name="Differences">So far.</param>
/// <param name="Repaired">So far.</param>
public sealed record ConsistencyProgress(
    string Collection, long CheckedDocuments, long TotalDocuments, ConsistencyDifference? Difference, long Differences, long Repaired);

/// <param name="Kind">How they differ.</param>
/// <param name="Collection">The document's.</param>
/// <param name="DocumentId">Which document.</param>
/// <param name="RegistryVersion">That searches should see; 0: none.</param>
/// <param name="IndexVersion">That they see; 0: none.</param>
/// <param name="Detail">For people.</param>
/// <param name="Repaired">It is mended, or will be as soon as the document has been prepared again.</param>
public sealed record ConsistencyDifference(
    DifferenceKind Kind, string Collection, string DocumentId, long RegistryVersion, long IndexVersion, string Detail, bool Repaired);

/// <summary>How the index may differ from the registry; the values are those of the protocol.</summary>
public enum DifferenceKind
{
    Unspecified = 0,
    /// <summary>Searches should see it, and the index does not hold it.</summary>
    Missing = 1,
    /// <summary>The index holds a version that was never reported as indexed.</summary>
    Unreported = 2,
    /// <summary>The index holds what the registry does not.</summary>
    Orphan = 3,
    /// <summary>The index holds a higher version than the registry ever gave.</summary>
    Ahead = 4,
    /// <summary>The index does not hold all of it.</summary>
    Incomplete = 5,
}
