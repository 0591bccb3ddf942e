namespace RagPlatform.CommandLine.Watch;

/// <summary>One path: what the collection holds for it, and how far its file has been followed.</summary>
internal sealed class FollowedDocument
{
    /// <summary>The collection holds a document that this source put there.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Of the file that the document was made from; empty when it is not held, or described otherwise than it would be now.</summary>
    public string Hash { get; set; } = "";

    /// <summary>Of that file.</summary>
    public long Bytes { get; set; }

    /// <summary>Accepted and not yet indexed, failed or deleted.</summary>
    public bool IsPending { get; set; }

    /// <summary>The version that is waited for; 0 when none is.</summary>
    public long AwaitedVersion { get; set; }

    /// <summary>Of another watch or another source of the collection: that document is not touched. Null when there is none.</summary>
    public string? OtherSource { get; set; }

    /// <summary>The file's, when it was last seen.</summary>
    public FileStamp? SeenStamp { get; set; }

    /// <summary>The file was compared with the document since it last changed.</summary>
    public bool IsChecked { get; set; }

    /// <summary>When a file that was changed so lately may have been changed again without another stamp, it is read once more.</summary>
    public DateTimeOffset? CheckAgainAt { get; set; }

    /// <summary>The first and the last sign of change since it was checked.</summary>
    public DateTimeOffset FirstTouchedAt { get; set; }

    /// <inheritdoc cref="FirstTouchedAt"/>
    public DateTimeOffset LastTouchedAt { get; set; }

    /// <summary>Since when the file has not been found; null while it is there.</summary>
    public DateTimeOffset? MissingSince { get; set; }

    /// <summary>Why the file is no document as it is now; null when it is one.</summary>
    public string? Problem { get; set; }

    /// <summary>Why the version that was put failed; null when it did not.</summary>
    public string? Failure { get; set; }

    public void Touch(DateTimeOffset at)
    {
        FirstTouchedAt = IsChecked || FirstTouchedAt == default ? at : FirstTouchedAt;
        LastTouchedAt = at;
        IsChecked = false;
        CheckAgainAt = null;
    }

    /// <summary>Its file is not there: one that comes back is new.</summary>
    public void Forget(DateTimeOffset now)
    {
        MissingSince ??= now;
        (SeenStamp, IsChecked, CheckAgainAt, FirstTouchedAt) = (null, false, null, default);
    }

    /// <summary>The file is known as it is now.</summary>
    /// <param name="at">When it was begun to be read.</param>
    /// <param name="checkAgainAt">When it is read again all the same; null for never.</param>
    /// <param name="problem">Why it is no document; null when it is one.</param>
    public void Check(DateTimeOffset at, DateTimeOffset? checkAgainAt, string? problem)
    {
        (IsChecked, CheckAgainAt, Problem) = (true, checkAgainAt, problem);
        if (checkAgainAt is null && SeenStamp is { } stamp && at - stamp.ModifiedAt < WatchTimes.StampStep)
        {
            CheckAgainAt = at + WatchTimes.StampStep;
        }
    }
}
