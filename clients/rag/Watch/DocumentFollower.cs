using System.Collections.Concurrent;
using Grpc.Core;
using RagPlatform.Client;

namespace RagPlatform.CommandLine.Watch;

/// <summary>Listens to documents on their way, some at a time, until each rests.</summary>
/// <param name="client">The platform.</param>
/// <param name="target">Whose documents.</param>
/// <param name="report">Told of failures.</param>
/// <param name="onRest">Called when there is something to <see cref="Take"/>, from any thread.</param>
internal sealed class DocumentFollower(RagClient client, WatchTarget target, WatchReport report, Action onRest) : IDisposable
{
    private const int ListeningMax = 16;

    private readonly SemaphoreSlim places = new(ListeningMax);
    private readonly ConcurrentQueue<Rest> rests = new();
    private readonly List<Task> following = [];
    private readonly CancellationTokenSource leaving = new();

    /// <summary>Takes note of a version, and listens until it rests.</summary>
    public void Await(string path, FollowedDocument document, Document version)
    {
        NoteFailure(path, document, version.Failure);
        var awaited = version.State is DocumentState.Indexed or DocumentState.Failed or DocumentState.Deleted ? 0 : version.Version;
        document.IsPending = awaited > 0;
        if (awaited > 0 && awaited != document.AwaitedVersion)
        {
            lock (following)
            {
                following.RemoveAll(task => task.IsCompleted);
                following.Add(FollowAsync(path, awaited, leaving.Token));
            }
        }

        document.AwaitedVersion = awaited;
    }

    /// <summary>Says it once, until the document fails otherwise.</summary>
    public void NoteFailure(string path, FollowedDocument document, DocumentFailure? failure)
    {
        if (failure is not null && failure.Reason != document.Failure)
        {
            report.Failed(target.IdOf(path), failure.Reason, failure.Remedy);
        }

        document.Failure = failure?.Reason;
    }

    /// <summary>Documents that have come to rest since the last call.</summary>
    public IEnumerable<Rest> Take()
    {
        while (rests.TryDequeue(out var rest))
        {
            yield return rest;
        }
    }

    /// <summary>Ends the listening; the documents themselves go on.</summary>
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
        places.Dispose();
        leaving.Dispose();
    }

    private async Task FollowAsync(string path, long version, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
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
            // The platform went away; a listing tells how the document stands.
        }
        finally
        {
            places.Release();
        }

        rests.Enqueue(rest);
        onRest();
    }

    /// <param name="Path">The document's.</param>
    /// <param name="Version">That was waited for.</param>
    /// <param name="State">Indexed, failed or deleted; null when it is not known.</param>
    /// <param name="Failure">Why it failed.</param>
    internal sealed record Rest(string Path, long Version, DocumentState? State, DocumentFailure? Failure);
}
