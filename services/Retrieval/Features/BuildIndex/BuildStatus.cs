using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <param name="Step">"waiting", "copying", "verifying" or "switching"; empty once the build rests.</param>
/// <param name="Remaining">Estimated; null while unknown.</param>
internal sealed record BuildStatus(Build Build, string Step, int DoneDocuments, int TotalDocuments, TimeSpan? Remaining)
{
    public BuildState State => Build.State;
}

/// <summary>How far a running build is. Written by the build, read by whoever watches.</summary>
internal sealed class BuildProgress(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private string _step = BuildSteps.Waiting;
    private int _done;
    private int _total;
    private int _doneBefore;
    private long _begin;

    /// <summary>Cancelled when the build is to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public (int Done, int Total) Documents
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
    /// <param name="done">Documents that are in the target already.</param>
    /// <param name="total">Documents that are to be there.</param>
    public void Begin(string step, int done, int total)
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

    public void Advance(int documents)
    {
        lock (_lock)
        {
            _done += documents;
        }
    }

    public void Stop() => _stopping.Cancel();

    public BuildStatus Describe(Build build)
    {
        lock (_lock)
        {
            var copied = _done - _doneBefore;
            TimeSpan? remaining = copied > 0 && _step == BuildSteps.Copying ? time.GetElapsedTime(_begin) / copied * Math.Max(0, _total - _done) : null;
            return new BuildStatus(build, _step, _done, Math.Max(_total, build.TotalDocuments), remaining);
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
