using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <param name="Step">"waiting", "copying", "verifying" or "switching"; empty once the build rests.</param>
/// <param name="Done">In documents and chunks of the present index; chunks only while it runs.</param>
/// <param name="ChunksPerSecond">Since it began or resumed; 0 while unknown.</param>
/// <param name="Remaining">Estimated; null while unknown.</param>
internal sealed record BuildStatus(Build Build, string Step, CollectionSize Done, CollectionSize Total, double ChunksPerSecond, TimeSpan? Remaining)
{
    public BuildState State => Build.State;
}

/// <summary>How far a running build is. Written by the build, read by whoever watches.</summary>
internal sealed class BuildProgress(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private string _step = BuildSteps.Waiting;
    private CollectionSize _done;
    private CollectionSize _total;
    private CollectionSize _doneBefore;
    private long _begin;

    /// <summary>Cancelled when the build is to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public (CollectionSize Done, CollectionSize Total) Size
    {
        get
        {
            lock (_lock)
            {
                return (_done, _total);
            }
        }
    }

    /// <param name="step">One of <see cref="BuildSteps"/>.</param>
    /// <param name="done">What is in the target already.</param>
    /// <param name="total">What is to be there.</param>
    public void Begin(string step, CollectionSize done, CollectionSize total)
    {
        lock (_lock)
        {
            if (_step == BuildSteps.Waiting)
            {
                (_begin, _doneBefore) = (time.GetTimestamp(), done);
            }

            (_step, _done, _total) = (step, done, total);
        }
    }

    public void Advance(CollectionSize copied)
    {
        lock (_lock)
        {
            _done += copied;
        }
    }

    public void Stop() => _stopping.Cancel();

    public BuildStatus Describe(Build build)
    {
        lock (_lock)
        {
            var copied = (_done - _doneBefore).Chunks;
            var isCopying = copied > 0 && _step == BuildSteps.Copying;
            var perSecond = isCopying ? copied / time.GetElapsedTime(_begin).TotalSeconds : 0;
            TimeSpan? remaining = isCopying ? TimeSpan.FromSeconds(Math.Max(0, _total.Chunks - _done.Chunks) / perSecond) : null;
            return new BuildStatus(build, _step, _done, _total.Documents > 0 ? _total : new CollectionSize(build.TotalDocuments, 0), perSecond, remaining);
        }
    }

    public void Dispose() => _stopping.Dispose();
}

internal static class BuildSteps
{
    public const string Waiting = "waiting";
    public const string Copying = "copying";
    public const string Verifying = "verifying";
    public const string Switching = "switching";
}
