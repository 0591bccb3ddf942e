namespace RagPlatform.Ingestion.Scheduling;

/// <summary>
/// How many chunks may be in flight: as many as come back within a second or so, between 128 and the limit. A batch that took
/// longer shrinks the window, one that did not widens it where it was too narrow. So a model always has work, a fast one as
/// much as it can take, and whoever comes next waits for about a second of others' chunks also where the model is slow.
/// Guarded by its owner's lock.
/// </summary>
/// <param name="limit">In chunks.</param>
internal sealed class SendingWindow(int limit)
{
    /// <summary>Two full batches of one tenant, so that one is on its way while the other is computed.</summary>
    private const int Min = 128;
    private static readonly TimeSpan Target = TimeSpan.FromSeconds(1);

    private double _chunks = Math.Min(Min, limit);
    private bool _wasTooNarrow;

    public int Chunks => (int)_chunks;

    /// <summary>A batch waits for room.</summary>
    public void Refuse() => _wasTooNarrow = true;

    /// <summary>By half of the chunks, so that a window's worth of them halves it, or widens it by half.</summary>
    /// <param name="chunks">That came back.</param>
    /// <param name="after">Since they were sent.</param>
    public void Return(int chunks, TimeSpan after)
    {
        if (after > Target)
        {
            _chunks = Math.Max(Math.Min(Min, limit), _chunks - (chunks / 2.0));
        }
        else if (_wasTooNarrow)
        {
            _chunks = Math.Min(limit, _chunks + (chunks / 2.0));
        }

        _wasTooNarrow &= after <= Target && Chunks < limit;
    }
}
