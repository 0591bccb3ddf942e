using System.Threading.Channels;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Wakes those in this process who wait for a document's change, or for any. It only saves polling: the registry is the truth.</summary>
public sealed class DocumentChanges
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DocumentKey, List<Subscription>> _byDocument = [];
    private readonly List<Subscription> _toAll = [];

    /// <summary>From now on. Dispose to end it.</summary>
    public Subscription Subscribe(DocumentKey key)
    {
        var subscription = new Subscription(this, key);
        lock (_lock)
        {
            if (!_byDocument.TryGetValue(key, out var subscriptions))
            {
                _byDocument[key] = subscriptions = [];
            }

            subscriptions.Add(subscription);
        }

        return subscription;
    }

    /// <summary>To the changes of every document.</summary>
    public Subscription SubscribeToAll()
    {
        var subscription = new Subscription(this, null);
        lock (_lock)
        {
            _toAll.Add(subscription);
        }

        return subscription;
    }

    public void Signal(DocumentKey key)
    {
        lock (_lock)
        {
            if (_byDocument.TryGetValue(key, out var subscriptions))
            {
                subscriptions.ForEach(subscription => subscription.Wake());
            }

            _toAll.ForEach(subscription => subscription.Wake());
        }
    }

    private void Remove(Subscription subscription, DocumentKey? key)
    {
        lock (_lock)
        {
            if (key is null)
            {
                _toAll.Remove(subscription);
            }
            else if (_byDocument.TryGetValue(key, out var subscriptions) && subscriptions.Remove(subscription) && subscriptions.Count == 0)
            {
                _byDocument.Remove(key);
            }
        }
    }

    public sealed class Subscription : IDisposable
    {
        private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private readonly DocumentChanges _owner;
        private readonly DocumentKey? _key;

        internal Subscription(DocumentChanges owner, DocumentKey? key)
        {
            _owner = owner;
            _key = key;
        }

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

        public void Dispose() => _owner.Remove(this, _key);

        internal void Wake() => _signals.Writer.TryWrite(true);
    }
}
