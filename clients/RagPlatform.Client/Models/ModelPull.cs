namespace RagPlatform.Client;

/// <summary>What to pull: a model that is known by name, or one to be pinned first.</summary>
public sealed record ModelPullOptions
{
    /// <summary>One that is known; the default embedding model when this and <see cref="Source"/> are empty.</summary>
    public string Model { get; init; } = "";

    /// <summary>Of a model to be pinned: "hub:OWNER/REPOSITORY", or "folder:PATH" on the embedding service's machine.</summary>
    public string Source { get; init; } = "";

    /// <summary>Of the hub's repository: a branch, tag or commit; "main" when empty.</summary>
    public string Revision { get; init; } = "";

    /// <summary>To keep it under; the repository's or folder's own when empty.</summary>
    public string Name { get; init; } = "";
}

/// <summary>How far a pull has come.</summary>
/// <param name="Step">"resolving", "pinned", "downloading", "verifying", "loading" or "ready", among others.</param>
/// <param name="Detail">For people.</param>
/// <param name="DoneBytes">So far.</param>
/// <param name="TotalBytes">0 while unknown.</param>
public sealed record PullProgress(string Step, string Detail, long DoneBytes, long TotalBytes)
{
    /// <summary>The name it is kept under.</summary>
    public string Model { get; init; } = "";
}
