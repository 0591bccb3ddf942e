using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <summary>
/// One build from its beginning, or from where a crash left it: copies what the target lacks until hardly anything does, then
/// holds the collection, copies the rest, verifies, and turns searches to the target in one step.
/// </summary>
internal sealed class IndexBuilding(
    CatalogueDatabase catalogue, Collections collections, VectorStores stores, DocumentCopying copying, BuildVerification verification, DependencyPatience patience)
{
    /// <summary>Documents that may be left to copy while the collection is held.</summary>
    private const int MaxHeldDocuments = DocumentCopying.GroupSize;

    /// <returns>False if the build was cancelled before it could switch.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">The build cannot succeed.</exception>
    public async Task<bool> RunAsync(Build build, BuildProgress progress, CancellationToken cancellationToken)
    {
        var (source, target) = (RequireSource(build.Collection), build.Target!);
        await patience.RetryAsync(
            async () =>
            {
                await stores.WaitUntilOpenAsync(source.Store, cancellationToken);
                await stores.WaitUntilOpenAsync(target.Store, cancellationToken);
                await stores[target.Store].CreateAsync(target.Key, target.Settings, cancellationToken);
            },
            cancellationToken);
        bool? isSwitched = null;
        while (isSwitched is null)
        {
            var missing = await CompareAsync(build.Collection, target, progress, cancellationToken);
            await CopyAsync(source, build, missing, progress, cancellationToken);
            // Waits between tries as copying does, but without the collection: whoever writes to it would wait as well.
            await patience.RetryAsync(async () => isSwitched = await TryFinishAsync(source, build, progress, cancellationToken), cancellationToken);
        }

        return isSwitched.Value;
    }

    /// <returns>Null if too much has changed since it was copied; false if the build was cancelled.</returns>
    private async Task<bool?> TryFinishAsync(ActiveIndex source, Build build, BuildProgress progress, CancellationToken cancellationToken)
    {
        using var held = await collections.HoldAsync(build.Collection, cancellationToken);
        if (RequireSource(build.Collection) != source)
        {
            throw RetrievalErrors.CollectionChanged(build.Collection.Name);
        }

        var missing = await CompareAsync(build.Collection, build.Target!, progress, cancellationToken);
        if (missing.Count > MaxHeldDocuments)
        {
            return null;
        }

        await CopyGroupAsync(source, build, missing, progress, cancellationToken);
        return await VerifyAndSwitchAsync(held, source, build, progress, cancellationToken);
    }

    private ActiveIndex RequireSource(CollectionKey collection) => collections.RequireOwn(collection).Index ?? throw RetrievalErrors.CollectionEmpty(collection.Name);

    /// <summary>Takes out of the target what is no longer visible.</summary>
    /// <returns>Documents whose visible version the target has not.</returns>
    private async Task<IReadOnlyList<DocumentRow>> CompareAsync(CollectionKey collection, ActiveIndex target, BuildProgress progress, CancellationToken cancellationToken)
    {
        var visible = catalogue.Read(session => DocumentRow.All(session, collection)).Where(document => document.VisibleVersion > 0)
            .ToDictionary(document => document.DocumentId, StringComparer.Ordinal);
        var (total, gone) = (SizeOf(visible.Values), new List<string>());
        await foreach (var held in stores[target.Store].ListDocumentsAsync(target.Key, cancellationToken))
        {
            if (!visible.TryGetValue(held.DocumentId, out var document))
            {
                gone.Add(held.DocumentId);
            }
            else if (document.VisibleVersion == held.Version)
            {
                visible.Remove(held.DocumentId);
            }
        }

        foreach (var documentId in gone)
        {
            await stores[target.Store].RemoveAsync(target.Key, documentId, cancellationToken);
        }

        progress.Begin(BuildSteps.Copying, total - SizeOf(visible.Values), total);
        return [.. visible.Values];
    }

    private static CollectionSize SizeOf(IEnumerable<DocumentRow> documents) => documents.Aggregate(default(CollectionSize), (sum, document) => sum + document.Size);

    private async Task CopyAsync(ActiveIndex source, Build build, IReadOnlyList<DocumentRow> documents, BuildProgress progress, CancellationToken cancellationToken)
    {
        foreach (var group in documents.Chunk(DocumentCopying.GroupSize))
        {
            await patience.RetryAsync(() => CopyGroupAsync(source, build, group, progress, cancellationToken), cancellationToken);
        }
    }

    private async Task CopyGroupAsync(ActiveIndex source, Build build, IReadOnlyList<DocumentRow> group, BuildProgress progress, CancellationToken cancellationToken)
    {
        await copying.CopyAsync(source, build.Target!, build.ChunkAgain, [.. group.Select(document => document.DocumentId)], cancellationToken);
        progress.Advance(SizeOf(group));
    }

    private async Task<bool> VerifyAndSwitchAsync(Collections.Held held, ActiveIndex source, Build build, BuildProgress progress, CancellationToken cancellationToken)
    {
        var target = build.Target!;
        var (copied, _) = progress.Size;
        progress.Begin(BuildSteps.Verifying, copied, copied);
        var visible = catalogue.Read(session => DocumentRow.All(session, build.Collection)).Where(document => document.VisibleVersion > 0).ToList();
        // An emptied collection has nothing to sample.
        var samples = visible.Count == 0 ? [] : new Random(build.Id.GetHashCode(StringComparison.Ordinal)).GetItems(visible.ToArray(), Math.Min(visible.Count, BuildVerification.Searches));
        await verification.RunAsync(source, target, build.ChunkAgain, SizeOf(visible), [.. samples.Select(document => document.DocumentId)], cancellationToken);

        progress.Begin(BuildSteps.Switching, copied, copied);
        var chunkCounts = new List<HeldDocument>(visible.Count);
        await foreach (var document in stores[target.Store].ListDocumentsAsync(target.Key, cancellationToken))
        {
            chunkCounts.Add(document);
        }

        var switched = await catalogue.WriteAsync(session => Switch(session, build, source, chunkCounts), cancellationToken);
        if (switched)
        {
            held.Current = held.Current! with
            {
                Index = target, Store = target.Store, Size = new CollectionSize(chunkCounts.Count, chunkCounts.Sum(document => document.ChunkCount)),
            };
        }

        return switched;
    }

    /// <returns>False if the build was cancelled meanwhile.</returns>
    private static bool Switch(CatalogueSession session, Build build, ActiveIndex source, List<HeldDocument> held)
    {
        if (!BuildTable.End(session, build, BuildState.Succeeded, held.Count, held.Count, failure: ""))
        {
            return false;
        }

        IndexTable.Activate(session, build.Target!);
        var target = build.Target!.Key.Generation;
        if (!build.ChunkAgain)
        {
            IndexTable.SetChunking(session, target, IndexTable.ChunkingOf(session, source.Key.Generation));
        }

        DocumentRow.TakeOver(session, build.Collection, held, build.ChunkAgain ? IndexTable.ChunkingOf(session, target) : null);
        return true;
    }
}
