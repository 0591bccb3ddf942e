namespace RagPlatform.CommandLine.Watch;

/// <summary>When a file is taken for whole, and for gone.</summary>
/// <param name="Settle">Without a sign of change for so long, a file is read; not found for so long, it is gone.</param>
internal sealed record WatchTimes(TimeSpan Settle)
{
    /// <summary>A file that changes all the time is read as it is after so long; so long a deletion waits for a file that may be the same one, renamed.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    /// <summary>So long a document under its old name waits for the new one to be searchable.</summary>
    public static readonly TimeSpan MaxRename = TimeSpan.FromMinutes(10);

    /// <summary>File systems that keep times in steps of up to 2 s (FAT) give two writes in one step the same stamp.</summary>
    public static readonly TimeSpan StampStep = TimeSpan.FromSeconds(2);
}

/// <summary>What is to be done now, by path.</summary>
/// <param name="Check">Files to be read, compared with their documents and sent where they differ.</param>
/// <param name="Delete">Documents whose files are gone.</param>
/// <param name="NextAt">When something that waits is due; null when nothing waits.</param>
/// <param name="IsHeldBack">Every file is gone, which an unmounted folder looks like: nothing is deleted.</param>
internal sealed record FolderPlan(IReadOnlyList<string> Check, IReadOnlyList<string> Delete, DateTimeOffset? NextAt, bool IsHeldBack)
{
    /// <param name="scan">The folder as it is.</param>
    /// <param name="documents">By path; gets an entry for each new file, and loses those that neither file nor document has.</param>
    /// <param name="touches">Since the scan before.</param>
    /// <param name="times">How long to wait.</param>
    /// <param name="deletesAll">Whether an empty folder means an empty collection.</param>
    /// <param name="now">When the scan began.</param>
    public static FolderPlan Decide(
        FolderScan scan, Dictionary<string, FollowedDocument> documents, FolderTouches touches, WatchTimes times, bool deletesAll, DateTimeOffset now)
    {
        var check = new List<string>();
        var waits = new List<DateTimeOffset>();
        foreach (var (path, file) in scan.Files)
        {
            if (!documents.TryGetValue(path, out var document))
            {
                documents[path] = document = new FollowedDocument();
            }

            document.MissingSince = null;
            Note(path, file.Stamp, document, touches, now);
            if (DueAt(document, times) is { } due)
            {
                Sort(path, due, check);
            }
        }

        foreach (var path in documents.Where(entry => entry.Value is { IsHeld: false, IsPending: false, OtherSource: null } && !scan.Files.ContainsKey(entry.Key)).Select(entry => entry.Key).ToList())
        {
            documents.Remove(path);
        }

        var missing = documents.Where(entry => entry.Value.IsHeld && !scan.Files.ContainsKey(entry.Key) && !scan.Hides(entry.Key)).ToList();
        if (scan.Files.Count == 0 && missing.Count > 0 && !deletesAll)
        {
            return new FolderPlan(check, [], null, IsHeldBack: true);
        }

        var delete = new List<string>();
        var renames = missing.Count > 0 ? new Renames(scan, documents) : null;
        foreach (var (path, document) in missing)
        {
            document.Forget(now);
            var due = document.MissingSince!.Value + (renames!.MayBecome(document) ? WatchTimes.MaxWait : renames.Becomes(document) ? WatchTimes.MaxRename : times.Settle);
            Sort(path, due, delete);
        }

        return new FolderPlan(check, delete, waits.Count > 0 ? waits.Min() : null, IsHeldBack: false);

        void Sort(string path, DateTimeOffset due, List<string> dueNow)
        {
            if (due <= now)
            {
                dueNow.Add(path);
            }
            else
            {
                waits.Add(due);
            }
        }
    }

    private static void Note(string path, FileStamp stamp, FollowedDocument document, FolderTouches touches, DateTimeOffset now)
    {
        if (touches.At(path) is { } touched)
        {
            document.Touch(touched);
        }
        else if (document.SeenStamp != stamp)
        {
            // Found by the scan alone: a file that was last written long ago is whole.
            document.Touch(stamp.ModifiedAt < now ? stamp.ModifiedAt : now);
        }

        document.SeenStamp = stamp;
    }

    /// <summary>When the file is to be read; null when it has been.</summary>
    private static DateTimeOffset? DueAt(FollowedDocument document, WatchTimes times)
    {
        if (document.IsChecked)
        {
            return document.CheckAgainAt;
        }

        var settled = document.LastTouchedAt + times.Settle;
        // One that is empty at the moment is about to be written.
        var latest = document.SeenStamp is { Bytes: 0 } ? settled : document.FirstTouchedAt + WatchTimes.MaxWait;
        return settled < latest ? settled : latest;
    }

    /// <summary>Files that a missing one may have become.</summary>
    private sealed class Renames
    {
        private readonly HashSet<long> uncheckedBytes = [];
        private readonly HashSet<string> pendingHashes = new(StringComparer.Ordinal);

        public Renames(FolderScan scan, Dictionary<string, FollowedDocument> documents)
        {
            foreach (var (path, file) in scan.Files)
            {
                var document = documents[path];
                if (!document.IsChecked)
                {
                    uncheckedBytes.Add(file.Stamp.Bytes);
                }
                else if (document.IsPending)
                {
                    pendingHashes.Add(document.Hash);
                }
            }
        }

        /// <summary>A file of its size has not been read yet.</summary>
        public bool MayBecome(FollowedDocument missing) => uncheckedBytes.Contains(missing.Bytes);

        /// <summary>The same content is on its way to the index under another name.</summary>
        public bool Becomes(FollowedDocument missing) => pendingHashes.Contains(missing.Hash);
    }
}
