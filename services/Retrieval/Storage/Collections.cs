using System.Collections.Concurrent;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Storage;

/// <summary>
/// The catalogue's collections in memory. Readers take a <see cref="CollectionState"/> and never wait; whoever changes a
/// collection or its documents holds it, so that catalogue, store and memory change in one order.
/// </summary>
internal sealed class Collections(CatalogueDatabase catalogue) : IDisposable
{
    private readonly ConcurrentDictionary<CollectionKey, Slot> _slots = new();
    private readonly ConcurrentDictionary<CollectionKey, CollectionKey> _aliases = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsLoaded => _loaded.Task.IsCompletedSuccessfully;

    /// <summary>Of all collections; zeros until loaded.</summary>
    public CollectionSize Size => Current.Aggregate(default(CollectionSize), (sum, collection) => sum + collection.Size);

    private IEnumerable<CollectionState> Current => _slots.Values.Select(slot => slot.Current).OfType<CollectionState>();

    public void Load()
    {
        var (collections, aliases) = catalogue.Read(session => (CollectionTable.All(session), AliasTable.All(session)));
        foreach (var collection in collections)
        {
            _slots.GetOrAdd(collection.Key, _ => new Slot()).Current = collection;
        }

        foreach (var (alias, collection) in aliases)
        {
            _aliases[alias] = collection;
        }

        _loaded.TrySetResult();
    }

    public Task WaitUntilLoadedAsync(CancellationToken cancellationToken) => _loaded.Task.WaitAsync(cancellationToken);

    /// <summary>By its own name or an alias; null if there is neither.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">Not loaded yet.</exception>
    public CollectionState? Find(CollectionKey name)
    {
        RequireLoaded();
        return FindOwn(name) ?? (_aliases.TryGetValue(name, out var collection) ? FindOwn(collection) : null);
    }

    /// <summary>By its own name alone: what changes a collection must not reach it through an alias that may be turned meanwhile.</summary>
    public CollectionState? FindOwn(CollectionKey name) => _slots.GetValueOrDefault(name)?.Current;

    /// <exception cref="Grpc.Errors.ServiceException">Not loaded yet, or there is no such collection.</exception>
    public CollectionState Require(CollectionKey name) => Find(name) ?? throw RetrievalErrors.CollectionNotFound(name.Name);

    /// <inheritdoc cref="FindOwn"/>
    /// <exception cref="Grpc.Errors.ServiceException">There is no such collection.</exception>
    public CollectionState RequireOwn(CollectionKey name) => FindOwn(name)
        ?? throw (TargetOf(name) is { } target ? RetrievalErrors.AliasNamed(name.Name, target.Name) : RetrievalErrors.CollectionNotFound(name.Name));

    /// <summary>By name.</summary>
    public IReadOnlyList<CollectionState> All(Tenant? tenant = null)
    {
        RequireLoaded();
        return [.. Current.Where(collection => tenant is null || collection.Key.Tenant == tenant).OrderBy(collection => collection.Key.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> AliasesOf(CollectionKey collection) =>
        [.. _aliases.Where(pair => pair.Value == collection).Select(pair => pair.Key.Name).Order(StringComparer.Ordinal)];

    public CollectionKey? TargetOf(CollectionKey alias) => _aliases.GetValueOrDefault(alias);

    public void SetAlias(CollectionKey alias, CollectionKey collection) => _aliases[alias] = collection;

    public void DeleteAlias(CollectionKey alias) => _aliases.TryRemove(alias, out _);

    /// <summary>Also while others turn aliases: one that points elsewhere by now stays.</summary>
    public void DeleteAliasesOf(CollectionKey collection)
    {
        foreach (var alias in _aliases.Where(pair => pair.Value == collection))
        {
            _aliases.TryRemove(alias);
        }
    }

    /// <summary>
    /// Waits for whoever holds the name, a collection's or an alias's. Only one name may be held at a time. A name that was held
    /// is kept for good: whoever does not make something of that name sees first that there is something.
    /// </summary>
    public async Task<Held> HoldAsync(CollectionKey name, CancellationToken cancellationToken)
    {
        await WaitUntilLoadedAsync(cancellationToken);
        var slot = _slots.GetOrAdd(name, _ => new Slot());
        await slot.Writing.WaitAsync(cancellationToken);
        return new Held(slot);
    }

    public void Dispose()
    {
        foreach (var slot in _slots.Values)
        {
            slot.Writing.Dispose();
        }
    }

    private void RequireLoaded()
    {
        if (!IsLoaded)
        {
            throw RetrievalErrors.IndexOpening();
        }
    }

    /// <summary>The right to change a collection, until disposed.</summary>
    internal sealed class Held(Slot slot) : IDisposable
    {
        /// <summary>Null while there is no such collection. Set only to what the catalogue holds.</summary>
        public CollectionState? Current
        {
            get => slot.Current;
            set => slot.Current = value;
        }

        public void Dispose() => slot.Writing.Release();
    }

    internal sealed class Slot
    {
        private volatile CollectionState? _current;

        public SemaphoreSlim Writing { get; } = new(1, 1);

        public CollectionState? Current
        {
            get => _current;
            set => _current = value;
        }
    }
}
