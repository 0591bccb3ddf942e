using System.Collections.Concurrent;
using Grpc.Core;
using RagPlatform.Client;
using RagPlatform.CommandLine.Ingest;

namespace RagPlatform.CommandLine.Watch;

/// <summary>
/// Makes the collection hold what the folder holds. What was put before is asked from the platform, so that nothing is kept
/// here that could be lost. Of one thread at a time; only what is told about documents on their way comes from others.
/// </summary>
internal sealed class FolderSync(RagClient client, string folder, WatchTarget target, WatchReport report, TimeProvider time, Action onRest) : IDisposable
{
    private const int SendersMax = 4;
    private const int WatchedMax = 16;
    private const int PageMax = 1000;

    /// <summary>For what may be better without the file being changed: its rights, an error of the platform's.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim watchers = new(WatchedMax);
    private readonly ConcurrentQueue<Rest> rests = new();
    private readonly List<Task> following = [];
    private readonly CancellationTokenSource leaving = new();

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
        lock (following)
        {
            following.RemoveAll(task => task.IsCompleted);
        }

        while (rests.TryDequeue(out var rest))
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
                NoteFailure(rest.Path, document, rest.Failure);
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
        await Parallel.ForEachAsync(plan.Delete, options, async (path, token) => await GuardedAsync(path, () => DeleteAsync(path, token)));
        await Parallel.ForEachAsync(plan.Check, options, async (path, token) => await GuardedAsync(path, () => CheckAsync(path, scan.Files[path], token)));
    }

    /// <summary>Ends what still listens; the documents themselves go on.</summary>
    public async Task EndAsync()
    {
        await leaving.CancelAsync();
        Task all;
        lock (following)
        {
            all = Task.WhenAll(following);
        }

        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        watchers.Dispose();
        leaving.Dispose();
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
            Await(path, followed, document);
        }
    }

    /// <summary>What goes wrong with one document is told and does not stop the others; what would with each ends the round.</summary>
    private async ValueTask GuardedAsync(string path, Func<Task> work)
    {
        var document = Documents[path];
        try
        {
            await work();
        }
        catch (RagException failure) when (failure.Status is StatusCode.InvalidArgument or StatusCode.FailedPrecondition)
        {
            Refuse(path, document, failure.Message, failure.Remedy, checkAgainAt: null);
        }
        catch (RagException failure) when (failure.Status is StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled)
        {
            Refuse(path, document, failure.Message, failure.Remedy, time.GetUtcNow() + RetryDelay);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            // It went meanwhile; the next look finds that, or where it is.
            document.Check(time.GetUtcNow(), checkAgainAt: null, document.Problem);
            document.Touch(time.GetUtcNow());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Refuse(path, document, failure.Message, remedy: null, time.GetUtcNow() + RetryDelay);
        }
    }

    /// <summary>Says it once, until the file or the reason changes.</summary>
    private void Refuse(string path, FollowedDocument document, string reason, string? remedy, DateTimeOffset? checkAgainAt)
    {
        if (document.Problem != reason)
        {
            report.Failed(target.IdOf(path), reason, remedy);
        }

        document.Check(time.GetUtcNow(), checkAgainAt, reason);
    }

    private async Task CheckAsync(string path, ScannedFile file, CancellationToken cancellationToken)
    {
        var document = Documents[path];
        var begunAt = time.GetUtcNow();
        var problem = document.OtherSource is { } other
            ? ($"the collection has another document of this id, of the source {other}.", "Keep them apart with --prefix.")
            : file.Stamp.Bytes switch
            {
                0 => ("it is empty.", "It is put as soon as it holds text."),
                > FileContent.MaxBytes => ($"it has {file.Stamp.Bytes} bytes; the platform takes {FileContent.MaxBytes} at most.", "Split it, or leave it out with --exclude."),
                _ => ((string Reason, string Remedy)?)null,
            };
        if (problem is { } found)
        {
            Refuse(path, document, found.Reason, found.Remedy, checkAgainAt: null);
            await RetireAsync(path, document, cancellationToken);
            return;
        }

        if (await FileContent.ReadAsync(file, cancellationToken) is not { } content)
        {
            document.Check(begunAt, checkAgainAt: null, document.Problem);
            document.Touch(begunAt);
            return;
        }

        if (!document.IsHeld || document.Hash != content.Hash)
        {
            await PutAsync(path, file, content, document, cancellationToken);
        }

        document.Check(begunAt, checkAgainAt: null, problem: null);
    }

    private async Task PutAsync(string path, ScannedFile file, FileContent content, FollowedDocument document, CancellationToken cancellationToken)
    {
        PutResult put;
        try
        {
            put = await Patience.RunAsync(
                async () =>
                {
                    await using var stream = new MemoryStream(content.Bytes, writable: false);
                    return await client.UploadDocumentAsync(stream, target.Describe(path, file, content.Hash), cancellationToken);
                },
                cancellationToken);
        }
        catch (RagException failure) when (failure.Status is StatusCode.InvalidArgument)
        {
            // The platform takes no such file: what it held before is in no file any more.
            await RetireAsync(path, document, cancellationToken);
            throw;
        }

        (document.IsHeld, document.Hash, document.Bytes) = (true, content.Hash, content.Bytes.Length);
        Await(path, document, put.Document);
        report.Put(put.Document, put.Unchanged);
    }

    private Task DeleteAsync(string path, CancellationToken cancellationToken) => RetireAsync(path, Documents[path], cancellationToken);

    /// <summary>Deletes the document, if this source put it there and nobody else has put another in its place.</summary>
    private async Task RetireAsync(string path, FollowedDocument document, CancellationToken cancellationToken)
    {
        if (!document.IsHeld)
        {
            return;
        }

        try
        {
            var id = target.IdOf(path);
            var held = await Patience.RunAsync(() => client.GetDocumentAsync(id, target.Collection, cancellationToken), cancellationToken);
            if (held.Document.Metadata.GetValueOrDefault(WatchTarget.SourceKey) == target.Source)
            {
                var deleted = await Patience.RunAsync(() => client.DeleteDocumentAsync(id, target.Collection, cancellationToken), cancellationToken);
                Await(path, document, deleted);
                report.Deleted(deleted);
            }
        }
        catch (RagException failure) when (failure.Status is StatusCode.NotFound)
        {
            // It is gone already, which is what was wanted.
        }

        (document.IsHeld, document.Hash) = (false, "");
    }

    private void Await(string path, FollowedDocument document, Document version)
    {
        NoteFailure(path, document, version.Failure);
        var awaited = version.State is DocumentState.Indexed or DocumentState.Failed or DocumentState.Deleted ? 0 : version.Version;
        document.IsPending = awaited > 0;
        if (awaited > 0 && awaited != document.AwaitedVersion)
        {
            lock (following)
            {
                following.Add(FollowAsync(path, awaited, leaving.Token));
            }
        }

        document.AwaitedVersion = awaited;
    }

    /// <summary>Says it once, until the document fails otherwise.</summary>
    private void NoteFailure(string path, FollowedDocument document, DocumentFailure? failure)
    {
        if (failure is not null && failure.Reason != document.Failure)
        {
            report.Failed(target.IdOf(path), failure.Reason, failure.Remedy);
        }

        document.Failure = failure?.Reason;
    }

    private async Task FollowAsync(string path, long version, CancellationToken cancellationToken)
    {
        await watchers.WaitAsync(cancellationToken);
        var rest = new Rest(path, version, State: null, Failure: null);
        try
        {
            await foreach (var entry in client.WatchDocumentAsync(target.IdOf(path), target.Collection, cancellationToken))
            {
                if (entry.Version >= version && entry.State is DocumentState.Indexed or DocumentState.Failed or DocumentState.Deleted)
                {
                    rest = rest with { State = entry.State, Failure = entry.Failure };
                }
            }
        }
        catch (RagException failure) when (failure.Status is StatusCode.NotFound)
        {
            rest = rest with { State = DocumentState.Deleted };
        }
        catch (RagException)
        {
            // The platform went away; the next listing tells how the document stands.
        }
        finally
        {
            watchers.Release();
        }

        rests.Enqueue(rest);
        onRest();
    }

    /// <param name="Path">The document's.</param>
    /// <param name="Version">That was waited for.</param>
    /// <param name="State">Indexed, failed or deleted; null when it is not known.</param>
    /// <param name="Failure">Why it failed.</param>
    private sealed record Rest(string Path, long Version, DocumentState? State, DocumentFailure? Failure);
}
