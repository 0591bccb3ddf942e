using RagPlatform.Client;

namespace RagPlatform.CommandLine.Watch;

/// <summary>
/// Makes the collection hold what the folder holds. What was put before is asked from the platform, so that nothing is kept
/// here that could be lost. Of one thread at a time; only what is told about documents on their way comes from others.
/// </summary>
internal sealed class FolderSync(RagClient client, string folder, WatchTarget target, DocumentFollower follower, WatchReport report, TimeProvider time)
{
    private const int SendersMax = 4;
    private const int PageMax = 1000;

    private readonly FileUpdate update = new(client, target, follower, report, time);

    /// <summary>By path from the folder.</summary>
    public Dictionary<string, FollowedDocument> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>The collection is to be listed: at first, and when something may have been missed.</summary>
    public bool MustList { get; set; } = true;

    /// <summary>Learns what the collection holds of this source, and goes on to follow what is on its way.</summary>
    public async Task ListAsync(CancellationToken cancellationToken)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var document in client.ListDocumentsAsync(target.Collection, state: null, PageMax, cancellationToken))
        {
            if (!document.Id.StartsWith(target.Prefix, StringComparison.Ordinal) || document.Metadata.GetValueOrDefault(WatchTarget.SourceKey) is not { } source)
            {
                continue;
            }

            var path = document.Id[target.Prefix.Length..];
            var followed = Documents.TryGetValue(path, out var known) ? known : Documents[path] = new FollowedDocument();
            held.Add(path);
            Learn(path, document, followed, source == target.Source ? null : source);
        }

        foreach (var (path, document) in Documents)
        {
            if (!held.Contains(path))
            {
                (document.IsHeld, document.IsPending, document.Hash, document.OtherSource, document.IsChecked) = (false, false, "", null, false);
            }
        }

        MustList = false;
    }

    /// <summary>Takes note of the documents that have come to rest.</summary>
    public void TakeRests()
    {
        foreach (var rest in follower.Take())
        {
            MustList |= rest.State is null;
            if (!Documents.TryGetValue(rest.Path, out var document) || document.AwaitedVersion != rest.Version)
            {
                continue;
            }

            document.AwaitedVersion = 0;
            if (rest.State is not null)
            {
                (document.IsPending, document.IsHeld) = (false, document.IsHeld && rest.State is not DocumentState.Deleted);
                follower.NoteFailure(rest.Path, document, rest.Failure);
                if (rest.State is not DocumentState.Failed)
                {
                    report.Rested(target.IdOf(rest.Path), rest.State.Value);
                }
            }
        }
    }

    /// <exception cref="RagException">The platform is away or busy, or refuses the caller: the rest of the plan is for later.</exception>
    public async Task CarryOutAsync(FolderPlan plan, FolderScan scan, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = SendersMax, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(plan.Delete, options, async (path, token) => await update.DeleteAsync(path, Documents[path], token));
        await Parallel.ForEachAsync(plan.Check, options, async (path, token) => await update.CheckAsync(path, scan.Files[path], Documents[path], token));
    }

    private void Learn(string path, Document document, FollowedDocument followed, string? otherSource)
    {
        followed.OtherSource = otherSource;
        followed.IsHeld = otherSource is null && document.State is not DocumentState.Deleting;
        var hash = followed.IsHeld && target.IsDescribedAlike(document, Path.Combine(folder, path)) ? document.Metadata.GetValueOrDefault(WatchTarget.HashKey, "") : "";
        if (hash != followed.Hash)
        {
            (followed.Hash, followed.Bytes, followed.IsChecked) = (hash, document.ContentBytes, false);
        }

        if (otherSource is null)
        {
            follower.Await(path, followed, document);
        }
    }
}
