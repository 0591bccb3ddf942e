using Microsoft.Extensions.Options;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>How hard one host may be pressed, whoever asks: so many requests at once, and so long between two.</summary>
public sealed class HostTurns(IOptions<WebSourceOptions> options, TimeProvider time)
{
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits for the host's turn; dispose what is returned when the request is over.</summary>
    public async Task<IDisposable> EnterAsync(string host, CancellationToken cancellationToken)
    {
        Turn? turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(host, out turn))
            {
                _turns[host] = turn = new Turn(options.Value.HostConcurrency);
            }

            turn.Users++;
        }

        try
        {
            await turn.Places.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(host, turn);
            throw;
        }

        var place = new Place(() =>
        {
            turn.Places.Release();
            Leave(host, turn);
        });
        try
        {
            TimeSpan wait;
            lock (_turns)
            {
                var now = time.GetUtcNow();
                var at = turn.NextAt > now ? turn.NextAt : now;
                turn.NextAt = at.AddMilliseconds(options.Value.HostDelayMilliseconds);
                wait = at - now;
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>A host that nobody asks any more is forgotten once its delay is over.</summary>
    private void Leave(string host, Turn turn)
    {
        lock (_turns)
        {
            turn.Users--;
            foreach (var (idle, state) in _turns.Count > 256 ? _turns.ToList() : [KeyValuePair.Create(host, turn)])
            {
                if (state.Users == 0 && state.NextAt <= time.GetUtcNow() && _turns.Remove(idle))
                {
                    state.Places.Dispose();
                }
            }
        }
    }

    private sealed class Turn(int concurrency)
    {
        public SemaphoreSlim Places { get; } = new(concurrency);

        public int Users { get; set; }

        public DateTimeOffset NextAt { get; set; }
    }

    private sealed class Place(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
