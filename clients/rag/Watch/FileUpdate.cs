using Grpc.Core;
using RagPlatform.Client;
using RagPlatform.CommandLine.Ingest;

namespace RagPlatform.CommandLine.Watch;

/// <summary>Brings one document in step with its file, or with its file being gone.</summary>
internal sealed class FileUpdate(RagClient client, WatchTarget target, DocumentFollower follower, WatchReport report, TimeProvider time)
{
    /// <summary>For what may be better without the file being changed: its rights, an error of the platform's.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);

    /// <summary>Reads the file, and sends it where it differs.</summary>
    /// <exception cref="RagException">The platform is away or busy, or refuses the caller.</exception>
    public Task CheckAsync(string path, ScannedFile file, FollowedDocument document, CancellationToken cancellationToken) =>
        GuardedAsync(path, document, () => CheckFileAsync(path, file, document, cancellationToken));

    /// <inheritdoc cref="CheckAsync"/>
    public Task DeleteAsync(string path, FollowedDocument document, CancellationToken cancellationToken) =>
        GuardedAsync(path, document, () => RetireAsync(path, document, cancellationToken));

    /// <summary>What goes wrong with one document is told and does not stop the others; what would with each ends the round.</summary>
    private async Task GuardedAsync(string path, FollowedDocument document, Func<Task> work)
    {
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

    private async Task CheckFileAsync(string path, ScannedFile file, FollowedDocument document, CancellationToken cancellationToken)
    {
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
        catch (RagException failure) when (failure is { Status: StatusCode.InvalidArgument, Field: "content" or "content_type" })
        {
            // The platform takes no such file: what it held before is in no file any more.
            await RetireAsync(path, document, cancellationToken);
            throw;
        }

        (document.IsHeld, document.Hash, document.Bytes) = (true, content.Hash, content.Bytes.Length);
        follower.Await(path, document, put.Document);
        report.Put(put.Document, put.Unchanged);
    }

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
                follower.Await(path, document, deleted);
                report.Deleted(deleted);
            }
        }
        catch (RagException failure) when (failure.Status is StatusCode.NotFound)
        {
            // It is gone already, which is what was wanted.
        }

        (document.IsHeld, document.Hash) = (false, "");
    }
}
