namespace RagPlatform.Retrieval.Storage;

internal enum StageOutcome
{
    /// <summary>Kept; other batches of the version are still missing.</summary>
    Staged,

    /// <summary>The batch's version is what searches see, since now or since before.</summary>
    Visible,

    /// <summary>A higher version, seen or staged, or a deletion came first; nothing was kept.</summary>
    Superseded,
}
