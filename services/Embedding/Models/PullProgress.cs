namespace RagPlatform.Embedding.Models;

/// <summary>How far a pull is.</summary>
/// <param name="Step">One of <see cref="PullSteps"/>.</param>
/// <param name="Detail">For people: what is being done, or why a source was passed over.</param>
/// <param name="DoneBytes">Of <paramref name="TotalBytes"/>; both 0 where the step has no size.</param>
/// <param name="TotalBytes">Size of the whole step.</param>
public sealed record PullProgress(string Step, string Detail, long DoneBytes = 0, long TotalBytes = 0);

/// <summary>The steps of a pull, in order; "skipped" stands for a source that was passed over.</summary>
public static class PullSteps
{
    public const string Resolving = "resolving";
    public const string Pinning = "pinning";
    public const string Pinned = "pinned";
    public const string Waiting = "waiting";
    public const string Downloading = "downloading";
    public const string Copying = "copying";
    public const string Unpacking = "unpacking";
    public const string Verifying = "verifying";
    public const string Skipped = "skipped";
    public const string Loading = "loading";
    public const string Ready = "ready";
}
