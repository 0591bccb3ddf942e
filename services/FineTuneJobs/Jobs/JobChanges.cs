using System.Threading.Channels;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>Wakes those in this process who wait for a change of any job. It only saves polling: the registry is the truth, and other processes write to it too.</summary>
public sealed class JobChanges
{
    private readonly Lock _lock = new();
    private readonly List<Subscription> _subscriptions = [];

    /// <summary>From now on. Dispose to end it.</summary>
    public Subscription Subscribe()
    {
        var subscription = new Subscription(this);
        lock (_lock)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    public void Signal()
    {
        lock (_lock)
        {
            _subscriptions.ForEach(subscription => subscription.Wake());
        }
    }

    public sealed class Subscription : IDisposable
    {
        private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private readonly JobChanges _owner;

        internal Subscription(JobChanges owner) => _owner = owner;

        /// <summary>Returns when something changed since the last call, or after <paramref name="limit"/>.</summary>
        public async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
        {
            using var timeout = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                await _signals.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The limit is a look at the registry, not a failure.
            }
        }

        public void Dispose()
        {
            lock (_owner._lock)
            {
                _owner._subscriptions.Remove(this);
            }
        }

        internal void Wake() => _signals.Writer.TryWrite(true);
    }
}
