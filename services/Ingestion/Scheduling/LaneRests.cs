using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>
/// Collections whose documents cannot be prepared for a while, because a service that they need is down: they rest for half a
/// second, then twice as long each time, up to the resume interval, and then one document is tried. So an outage costs a
/// collection one try now and then, however many documents wait, and the others none.
/// </summary>
public sealed class LaneRests(IOptions<IngestionOptions> options, TimeProvider time)
{
    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly Dictionary<Lane, Rest> _rests = [];

    /// <summary>A failure that comes later has nothing to do with the last one: what waited for the services left meanwhile.</summary>
    private TimeSpan LongestPauseOfAnOutage => 2 * TimeSpan.FromSeconds(Math.Max(VersionProgress.MaxPostponementSeconds, options.Value.ResumeIntervalSeconds));

    /// <summary>A try failed.</summary>
    /// <returns>How many have failed in a row, and for how long.</returns>
    public Outage Failed(Lane lane)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (!_rests.TryGetValue(lane, out var rest) || now - rest.Until > LongestPauseOfAnOutage)
            {
                if (rest is null && _rests.Count >= MaxRemembered)
                {
                    _rests.Clear();
                }

                rest = new Rest(now, 0, now);
            }

            var length = TimeSpan.FromSeconds(Math.Min(FirstRest.TotalSeconds * Math.Pow(2, Math.Min(rest.Failures, 30)), options.Value.ResumeIntervalSeconds));
            _rests[lane] = rest with { Failures = rest.Failures + 1, Until = now + length };
            return new Outage(rest.Failures + 1, now - rest.Since);
        }
    }

    /// <summary>The services are there.</summary>
    public void Succeeded(Lane lane)
    {
        lock (_lock)
        {
            _rests.Remove(lane);
        }
    }

    /// <summary>Whether a document may be tried.</summary>
    /// <param name="lane">Its collection.</param>
    /// <param name="isTried">Another one of it is being tried.</param>
    public bool MayTry(Lane lane, bool isTried)
    {
        lock (_lock)
        {
            return !_rests.TryGetValue(lane, out var rest) || (!isTried && time.GetUtcNow() >= rest.Until);
        }
    }

    /// <summary>Until the next rest ends; null when nothing rests.</summary>
    public TimeSpan? UntilNext()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            return _rests.Values.Where(rest => rest.Until > now).Select(rest => (TimeSpan?)(rest.Until - now)).Min();
        }
    }

    private sealed record Rest(DateTimeOffset Since, int Failures, DateTimeOffset Until);
}

/// <param name="Failures">In a row, at least 1.</param>
/// <param name="Length">Since the first of them.</param>
public sealed record Outage(int Failures, TimeSpan Length);
