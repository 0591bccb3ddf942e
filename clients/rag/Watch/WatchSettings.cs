namespace RagPlatform.CommandLine.Watch;

/// <summary>How a folder is followed.</summary>
internal sealed record WatchSettings
{
    public required PathRules Rules { get; init; }

    /// <summary>A file is read when it has not been changed for so long, and taken for gone when it was not found for so long.</summary>
    public required TimeSpan Settle { get; init; }

    /// <summary>Between two looks when nothing was heard.</summary>
    public required TimeSpan Rescan { get; init; }

    /// <summary>Whether an empty folder empties the collection; else it is taken for one that is not mounted.</summary>
    public required bool DeletesAll { get; init; }

    /// <summary>End as soon as collection and folder are in step.</summary>
    public required bool Once { get; init; }
}
