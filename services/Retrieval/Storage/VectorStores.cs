using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval.Storage;

/// <summary>The stores that there are, by name, and which of them may be used yet.</summary>
internal sealed class VectorStores(IEnumerable<IVectorStore> stores)
{
    private readonly Dictionary<string, Entry> _entries = stores.ToDictionary(store => store.Name, store => new Entry(store), StringComparer.Ordinal);

    public IReadOnlyList<IVectorStore> All => [.. _entries.Values.Select(entry => entry.Store)];

    /// <exception cref="ServiceException">There is no such store, it is still opening, or it does not answer.</exception>
    public IVectorStore this[string name]
    {
        get
        {
            var entry = Require(name);
            return entry.Opened.Task.IsCompletedSuccessfully ? entry.Store : throw (entry.Fault ?? RetrievalErrors.IndexOpening());
        }
    }

    /// <summary>Null once the store is open; what it says of itself while it does not answer.</summary>
    public string? FaultOf(string name) => _entries.GetValueOrDefault(name) is { } entry
        ? entry.Opened.Task.IsCompletedSuccessfully ? null : entry.Fault?.Message ?? "it is being opened"
        : "it is not configured";

    /// <summary>Checks a request's store; empty is the default.</summary>
    /// <exception cref="ServiceException">There is no such store.</exception>
    public void RequireKnown(string name)
    {
        if (name.Length > 0)
        {
            Require(name);
        }
    }

    /// <summary>Waits while the store opens for the first time.</summary>
    /// <exception cref="ServiceException">There is no such store, or it does not answer.</exception>
    public async Task WaitUntilOpenAsync(string name, CancellationToken cancellationToken)
    {
        var entry = Require(name);
        await Task.WhenAny(entry.Opened.Task, entry.FirstAttempt.Task).WaitAsync(cancellationToken);
        _ = this[name];
    }

    /// <summary>Waits however long that takes, also while the store does not answer.</summary>
    public Task WaitUntilAnsweringAsync(string name, CancellationToken cancellationToken) => Require(name).Opened.Task.WaitAsync(cancellationToken);

    public void MarkOpen(string name)
    {
        _entries[name].Fault = null;
        _entries[name].Opened.TrySetResult();
    }

    public void MarkUnavailable(string name, ServiceException fault)
    {
        _entries[name].Fault = fault;
        _entries[name].FirstAttempt.TrySetResult();
    }

    private Entry Require(string name) => _entries.GetValueOrDefault(name) ?? throw RetrievalErrors.StoreUnknown(name, _entries.Keys);

    private sealed class Entry(IVectorStore store)
    {
        private volatile ServiceException? _fault;

        public IVectorStore Store => store;

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Set when an attempt to open has failed.</summary>
        public TaskCompletionSource FirstAttempt { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ServiceException? Fault
        {
            get => _fault;
            set => _fault = value;
        }
    }
}
