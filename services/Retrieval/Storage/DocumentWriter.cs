using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Storage;

/// <summary>
/// Document versions in and out. A search sees exactly one version of each document; what is staged is durable but unseen.
/// A crash between the store's step and the catalogue's is healed at opening, a failure by the message's redelivery.
/// </summary>
internal sealed class DocumentWriter(
    CatalogueDatabase catalogue, Collections collections, VectorStores stores, Indexes indexes, IOptions<RetrievalOptions> options, TimeProvider time)
{
    /// <summary>
    /// Keeps a batch, once, however often it comes, and makes its version the visible one as soon as all its batches
    /// are here. A version's first batch drops what is staged of lower ones: a document holds at most the version that is
    /// seen and one that is coming. The batch must have passed <see cref="Features.IndexChunks.BatchValidation"/>.
    /// </summary>
    /// <exception cref="Grpc.Errors.ServiceException">The collection's vectors are another model's, the version's batches contradict each other, or the store does not answer.</exception>
    public async Task<StageOutcome> StageAsync(CollectionKey collection, ChunksEmbedded batch, CancellationToken cancellationToken)
    {
        await WaitForStoreAsync(collection, cancellationToken);
        using var held = await collections.HoldAsync(collection, cancellationToken);
        if (collections.TargetOf(collection) is { } target)
        {
            throw RetrievalErrors.AliasTakesNoDocuments(collection.Name, target.Name);
        }

        var (start, begin) = (time.GetUtcNow(), time.GetTimestamp());
        switch (catalogue.Read(session => new VersionStaging(session, collection, batch).Decide()))
        {
            case StageDecision.Superseded:
                return StageOutcome.Superseded;
            case StageDecision.Visible:
                return StageOutcome.Visible;
            case StageDecision.Keep:
                await indexes.EnsureAsync(held, collection, batch, cancellationToken);
                await catalogue.WriteAsync(session => new VersionStaging(session, collection, batch).Keep(), cancellationToken);
                return StageOutcome.Staged;
            default:
                await CompleteAsync(held, collection, batch, cancellationToken);
                RetrievalTelemetry.RecordSpan("switch version", start, time.GetElapsedTime(begin),
                    new("rag.document.version", batch.Version), new("rag.chunk.count", batch.ChunkCount));
                return StageOutcome.Visible;
        }
    }

    /// <summary>Removes every chunk below <paramref name="version"/>, seen or staged, and lets none come back; the store reads back that none is left.</summary>
    /// <returns>False if a higher version is visible: there is nothing to report.</returns>
    public async Task<bool> RemoveAsync(CollectionKey collection, string documentId, long version, CancellationToken cancellationToken)
    {
        await WaitForStoreAsync(collection, cancellationToken);
        using var held = await collections.HoldAsync(collection, cancellationToken);
        var removed = await catalogue.WriteAsync(session => DocumentRemoval.Run(session, collection, documentId, version), cancellationToken);
        if (removed is null)
        {
            return false;
        }

        if (held.Current is { Index: { } index } current)
        {
            held.Current = current with { Size = current.Size - removed.Size };
            await stores[index.Store].RemoveAsync(index.Key, documentId, cancellationToken);
        }

        return true;
    }

    private async Task CompleteAsync(Collections.Held held, CollectionKey collection, ChunksEmbedded batch, CancellationToken cancellationToken)
    {
        var document = catalogue.Read(session => new VersionStaging(session, collection, batch).Assemble());
        var index = await indexes.EnsureAsync(held, collection, batch, cancellationToken);
        await stores[index.Store].ReplaceAsync(index.Key, document, cancellationToken);
        var before = await catalogue.WriteAsync(
            session =>
            {
                var staging = new VersionStaging(session, collection, batch);
                staging.Finish();
                return staging.Document.Size;
            },
            cancellationToken);
        held.Current = held.Current! with { Size = held.Current!.Size - before + new CollectionSize(1, batch.ChunkCount) };
    }

    /// <summary>Before the collection is held: the opening of its store needs it.</summary>
    private async Task WaitForStoreAsync(CollectionKey collection, CancellationToken cancellationToken)
    {
        await collections.WaitUntilLoadedAsync(cancellationToken);
        var state = collections.FindOwn(collection);
        await stores.WaitUntilOpenAsync(state?.Index?.Store ?? state?.Store ?? options.Value.Store, cancellationToken);
    }
}
