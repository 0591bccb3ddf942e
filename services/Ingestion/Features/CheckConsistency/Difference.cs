using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.CheckConsistency;

/// <summary>How the index may differ from the registry.</summary>
public enum DifferenceKind
{
    /// <summary>Searches should see it, and the index does not hold it.</summary>
    Missing,

    /// <summary>The index holds a version that the registry gave and has not heard to be indexed.</summary>
    Unreported,

    /// <summary>The index holds what the registry does not, or holds deleted.</summary>
    Orphan,

    /// <summary>The index holds a higher version than the registry ever gave.</summary>
    Ahead,

    /// <summary>The index holds other chunks than it counts.</summary>
    Incomplete,
}

/// <param name="RegistryVersion">That searches should see; 0: none.</param>
/// <param name="IndexVersion">That the index holds; 0: none.</param>
public sealed record Difference(DifferenceKind Kind, string DocumentId, long RegistryVersion, long IndexVersion)
{
    public bool IsRepaired { get; init; }

    public string Detail => Kind switch
    {
        DifferenceKind.Missing => IndexVersion == 0
            ? $"searches should see version {RegistryVersion}, and the index holds none"
            : $"searches should see version {RegistryVersion}, and the index holds version {IndexVersion}",
        DifferenceKind.Unreported => $"the index holds version {IndexVersion}, which was never reported as indexed",
        DifferenceKind.Orphan => $"the index holds version {IndexVersion}, and the registry holds no such document",
        DifferenceKind.Ahead => $"the index holds version {IndexVersion}, and the registry never gave more than a lower one: it may come from an older backup",
        _ => $"the index does not hold all of version {IndexVersion}",
    };

    /// <summary>The one table of what counts as a difference between two documents at rest.</summary>
    /// <param name="registry">Null where the registry never heard of it.</param>
    /// <param name="index">Null where the index holds nothing of it.</param>
    /// <param name="hasContentVersion">Whether the registry gave a version to content.</param>
    public static Difference? Between(DocumentStanding? registry, IndexStanding? index, Func<string, long, bool> hasContentVersion)
    {
        ArgumentNullException.ThrowIfNull(hasContentVersion);
        var (expected, seen) = (registry?.IndexedVersion ?? 0, index?.SeenVersion ?? 0);
        var id = registry?.DocumentId ?? index!.DocumentId;
        if (seen == expected)
        {
            return index is { IsWhole: false } && seen > 0 ? new(DifferenceKind.Incomplete, id, expected, seen) : null;
        }

        if (seen < expected)
        {
            return new(DifferenceKind.Missing, id, expected, seen);
        }

        return hasContentVersion(id, seen) ? new(DifferenceKind.Unreported, id, expected, seen)
            : expected > 0 && seen > registry!.LatestVersion ? new(DifferenceKind.Ahead, id, expected, seen)
            : new(DifferenceKind.Orphan, id, expected, seen);
    }
}

/// <summary>What the index holds of a document.</summary>
/// <param name="VisibleVersion">That its catalogue counts as searchable; 0: none.</param>
/// <param name="HeldVersion">That its store finds; 0: none.</param>
public sealed record IndexStanding(string DocumentId, long VisibleVersion, int ChunkCount, long HeldVersion, int HeldChunkCount)
{
    /// <summary>That searches see: only what the store finds can be seen.</summary>
    public long SeenVersion => HeldVersion;

    public bool IsWhole => VisibleVersion == HeldVersion && ChunkCount == HeldChunkCount;
}
