using System.Runtime.CompilerServices;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.ListIndexedDocuments;

/// <summary>What catalogue and store hold of a collection's documents, side by side.</summary>
internal sealed class ListIndexedDocumentsHandler(Collections collections, CatalogueDatabase catalogue, VectorStores stores, StoreOpening opening)
{
    public const int PageDocuments = 1000;
    public const int MaxIds = 1000;

    /// <summary>Pages in any order; no document twice.</summary>
    /// <param name="key">By its own name. A collection that is not there, or has no index yet, holds nothing.</param>
    /// <param name="ids">Of the documents that are asked for; all when empty.</param>
    /// <param name="reconcile">Whether store and catalogue are first made to agree.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The store does not answer, or is still opening.</exception>
    public async IAsyncEnumerable<IReadOnlyList<IndexedStanding>> HandleAsync(
        CollectionKey key, IReadOnlySet<string> ids, bool reconcile, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await collections.WaitUntilLoadedAsync(cancellationToken);
        if (collections.FindOwn(key)?.Index is not { } index)
        {
            yield break;
        }

        var store = stores[index.Store];
        if (reconcile)
        {
            await opening.ReconcileAsync(store, key, cancellationToken);
        }

        var held = await HeldAsync(store, index.Key, ids, cancellationToken);
        var page = new List<IndexedStanding>(PageDocuments);
        foreach (var row in catalogue.Read(session => DocumentRow.All(session, key)))
        {
            var isHeld = held.Remove(row.DocumentId, out var there);
            if ((ids.Count > 0 && !ids.Contains(row.DocumentId)) || (!isHeld && row is { VisibleVersion: 0, LostVersion: 0 }))
            {
                continue;
            }

            page.Add(new IndexedStanding(row.DocumentId, row.VisibleVersion, row.ChunkCount, there.Version, there.ChunkCount, row.LostVersion > 0));
            if (page.Count == PageDocuments)
            {
                yield return page;
                page = new List<IndexedStanding>(PageDocuments);
            }
        }

        foreach (var rest in held.Values.Select(there => new IndexedStanding(there.DocumentId, 0, 0, there.Version, there.ChunkCount, IsLost: false)).Chunk(PageDocuments).Prepend([.. page]))
        {
            if (rest.Length > 0)
            {
                yield return rest;
            }
        }
    }

    private static async Task<Dictionary<string, HeldDocument>> HeldAsync(IVectorStore store, IndexKey index, IReadOnlySet<string> ids, CancellationToken cancellationToken)
    {
        var held = new Dictionary<string, HeldDocument>(StringComparer.Ordinal);
        await foreach (var document in store.ListDocumentsAsync(index, cancellationToken))
        {
            if (ids.Count == 0 || ids.Contains(document.DocumentId))
            {
                held[document.DocumentId] = document;
            }
        }

        return held;
    }
}

/// <param name="DocumentId">Whose.</param>
/// <param name="VisibleVersion">That the catalogue counts as searchable; 0: none.</param>
/// <param name="ChunkCount">Of the visible version, by the catalogue.</param>
/// <param name="HeldVersion">That the store finds; 0: none.</param>
/// <param name="HeldChunkCount">Of the held version.</param>
/// <param name="IsLost">Asked for again already.</param>
internal sealed record IndexedStanding(string DocumentId, long VisibleVersion, int ChunkCount, long HeldVersion, int HeldChunkCount, bool IsLost);
