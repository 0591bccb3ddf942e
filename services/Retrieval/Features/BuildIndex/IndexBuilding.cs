using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <summary>
/// One build from its beginning, or from where a crash left it: copies what the target lacks until hardly anything does, then
/// holds the collection, copies the rest, verifies, and turns searches to the target in one step.
/// </summary>
internal sealed class IndexBuilding(
    CatalogueDatabase catalogue, Collections collections, VectorStores stores, DocumentCopying copying, BuildVerification verification, TimeProvider time)
{
    /// <summary>Documents that may be left to copy while the collection is held.</summary>
    private const int MaxHeldDocuments = DocumentCopying.GroupSize;

    private const int MaxTries = 10;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <returns>False if the build was cancelled before it could switch.</returns>
    /// <exception cref="ServiceException">The build cannot succeed.</exception>
    public async Task<bool> RunAsync(Build build, BuildProgress progress, CancellationToken cancellationToken)
    {
        var (source, target) = (RequireSource(build.Collection), build.Target!);
        await RetryAsync(
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
            await RetryAsync(async () => isSwitched = await TryFinishAsync(source, build, progress, cancellationToken), cancellationToken);
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

        await copying.CopyAsync(source, build.Target!, build.ChunkAgain, missing, cancellationToken);
        progress.Advance(missing.Count);
        return await VerifyAndSwitchAsync(held, source, build, progress, cancellationToken);
    }

    private ActiveIndex RequireSource(CollectionKey collection) => collections.RequireOwn(collection).Index ?? throw RetrievalErrors.CollectionEmpty(collection.Name);

    /// <summary>Takes out of the target what is no longer visible.</summary>
    /// <returns>Documents whose visible version the target has not.</returns>
    private async Task<IReadOnlyList<string>> CompareAsync(CollectionKey collection, ActiveIndex target, BuildProgress progress, CancellationToken cancellationToken)
    {
        var visible = catalogue.Read(session => DocumentRow.All(session, collection)).Where(document => document.VisibleVersion > 0)
            .ToDictionary(document => document.DocumentId, document => document.VisibleVersion, StringComparer.Ordinal);
        var (total, gone) = (visible.Count, new List<string>());
        await foreach (var held in stores[target.Store].ListDocumentsAsync(target.Key, cancellationToken))
        {
            if (!visible.TryGetValue(held.DocumentId, out var version))
            {
                gone.Add(held.DocumentId);
            }
            else if (version == held.Version)
            {
                visible.Remove(held.DocumentId);
            }
        }

        foreach (var documentId in gone)
        {
            await stores[target.Store].RemoveAsync(target.Key, documentId, cancellationToken);
        }

        progress.Begin(BuildSteps.Copying, total - visible.Count, total);
        return [.. visible.Keys];
    }

    private async Task CopyAsync(ActiveIndex source, Build build, IReadOnlyList<string> documentIds, BuildProgress progress, CancellationToken cancellationToken)
    {
        foreach (var group in documentIds.Chunk(DocumentCopying.GroupSize))
        {
            await RetryAsync(() => copying.CopyAsync(source, build.Target!, build.ChunkAgain, group, cancellationToken), cancellationToken);
            progress.Advance(group.Length);
        }
    }

    /// <summary>Waits for a service or store that is down or busy, rather than lose hours of work to it.</summary>
    private async Task RetryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (ServiceException exception) when (MayPass(exception) && attempt < MaxTries)
            {
                var delay = TimeSpan.FromSeconds(Math.Pow(2, attempt - 1));
                await Task.Delay(delay < LongestDelay ? delay : LongestDelay, time, cancellationToken);
            }
        }
    }

    /// <summary>A collection that was given another index meanwhile keeps it.</summary>
    private static bool MayPass(ServiceException exception) =>
        exception.Kind is FailureKind.Unavailable or FailureKind.ResourceExhausted && exception.Code != RetrievalErrors.CollectionChangedCode;

    private async Task<bool> VerifyAndSwitchAsync(Collections.Held held, ActiveIndex source, Build build, BuildProgress progress, CancellationToken cancellationToken)
    {
        var target = build.Target!;
        var (documents, _) = progress.Documents;
        progress.Begin(BuildSteps.Verifying, documents, documents);
        var visible = catalogue.Read(session => DocumentRow.All(session, build.Collection)).Where(document => document.VisibleVersion > 0).ToList();
        var samples = new Random(build.Id.GetHashCode(StringComparison.Ordinal)).GetItems(visible.ToArray(), Math.Min(visible.Count, BuildVerification.Searches));
        var expected = visible.Aggregate(default(CollectionSize), (sum, document) => sum + document.Size);
        await verification.RunAsync(source, target, build.ChunkAgain, expected, [.. samples.Select(document => document.DocumentId)], cancellationToken);

        progress.Begin(BuildSteps.Switching, documents, documents);
        var chunkCounts = new List<HeldDocument>(visible.Count);
        await foreach (var document in stores[target.Store].ListDocumentsAsync(target.Key, cancellationToken))
        {
            chunkCounts.Add(document);
        }

        var switched = await catalogue.WriteAsync(session => Switch(session, build, chunkCounts), cancellationToken);
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
    private static bool Switch(CatalogueSession session, Build build, List<HeldDocument> held)
    {
        if (!BuildTable.End(session, build, BuildState.Succeeded, held.Count, held.Count, failure: ""))
        {
            return false;
        }

        IndexTable.Activate(session, build.Target!);
        DocumentRow.TakeOver(session, build.Collection, build.Target!.Settings, held);
        return true;
    }
}
