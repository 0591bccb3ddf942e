using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage;

/// <summary>
/// Document versions in and out. A search sees exactly one version of each document; what is staged is durable but unseen.
/// A crash between the store's step and the catalogue's is healed at opening, a failure by the message's redelivery.
/// </summary>
internal sealed class DocumentWriter(
    CatalogueDatabase catalogue, Collections collections, VectorStores stores, Indexes indexes, IOptions<RetrievalOptions> options, TimeProvider time)
{
    /// <summary>How often a version is embedded again because its collection's model changed while it was.</summary>
    private const int MaxEmbeddings = 5;

    /// <summary>
    /// Keeps a batch, once, however often it comes, and makes its version the visible one as soon as all its batches
    /// are here. A version's first batch drops what is staged of lower ones: a document holds at most the version that is
    /// seen and one that is coming. The batch must have passed <see cref="Features.IndexChunks.BatchValidation"/>.
    /// </summary>
    /// <param name="collection">The batch's.</param>
    /// <param name="batch">Its vectors may be of a model that the collection had before: the whole version is then embedded again.</param>
    /// <param name="embed">Called while nothing is held, so that others write meanwhile.</param>
    /// <param name="cancellationToken">Ends it; what was not kept is delivered again.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The model cannot embed, the version's batches contradict each other, or the store does not answer.</exception>
    public async Task<StageOutcome> StageAsync(CollectionKey collection, ChunksEmbedded batch, EmbedDocument embed, CancellationToken cancellationToken)
    {
        await WaitForStoreAsync(collection, cancellationToken);
        var foreign = await TryStageAsync(collection, batch, embedded: null, cancellationToken);
        for (var i = 0; i < MaxEmbeddings && foreign.Outcome is null; i++)
        {
            var embedded = await embed(foreign.Document!, foreign.Settings!, cancellationToken);
            foreign = await TryStageAsync(collection, batch, foreign with { Document = embedded }, cancellationToken);
        }

        return foreign.Outcome ?? throw RetrievalErrors.CollectionChanged(collection.Name);
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

    /// <param name="embedded">The version, embedded for the index that the collection had a moment ago.</param>
    private async Task<Staged> TryStageAsync(CollectionKey collection, ChunksEmbedded batch, Staged? embedded, CancellationToken cancellationToken)
    {
        using var held = await collections.HoldAsync(collection, cancellationToken);
        if (collections.TargetOf(collection) is { } target)
        {
            throw RetrievalErrors.AliasTakesNoDocuments(collection.Name, target.Name);
        }

        var (start, begin) = (time.GetUtcNow(), time.GetTimestamp());
        switch (catalogue.Read(session => new VersionStaging(session, collection, batch).Decide()))
        {
            case StageDecision.Superseded:
                return new Staged(StageOutcome.Superseded);
            case StageDecision.Visible:
                return new Staged(StageOutcome.Visible);
            case StageDecision.Keep:
                RequireDimension(await indexes.EnsureAsync(held, collection, batch, cancellationToken), batch);
                await catalogue.WriteAsync(session => new VersionStaging(session, collection, batch).Keep(), cancellationToken);
                return new Staged(StageOutcome.Staged);
        }

        var document = catalogue.Read(session => new VersionStaging(session, collection, batch).Assemble());
        var index = await indexes.EnsureAsync(held, collection, batch, cancellationToken);
        RequireDimension(index, batch);
        if (batch.Model != index.Settings.Model)
        {
            if (embedded?.Settings != index.Settings)
            {
                return new Staged(Outcome: null, document, index.Settings);
            }

            document = embedded.Document!;
        }

        await CompleteAsync(held, collection, batch, document, index, cancellationToken);
        RetrievalTelemetry.RecordSpan("switch version", start, time.GetElapsedTime(begin),
            new("rag.document.version", batch.Version), new("rag.chunk.count", batch.ChunkCount));
        return new Staged(StageOutcome.Visible);
    }

    /// <summary>One model cannot have two dimensions: what its index holds is not what it gives now.</summary>
    private static void RequireDimension(ActiveIndex index, ChunksEmbedded batch)
    {
        if (batch.Model == index.Settings.Model && batch.Dimension != index.Settings.Dimension)
        {
            throw RetrievalErrors.DimensionChanged(batch.Document, batch.Model, batch.Dimension, index.Settings.Dimension);
        }
    }

    private async Task CompleteAsync(
        Collections.Held held, CollectionKey collection, ChunksEmbedded batch, IndexedDocument document, ActiveIndex index, CancellationToken cancellationToken)
    {
        await stores[index.Store].ReplaceAsync(index.Key, document, cancellationToken);
        var before = await catalogue.WriteAsync(
            session =>
            {
                var staging = new VersionStaging(session, collection, batch);
                staging.Finish(index);
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

    /// <param name="Outcome">Null if the version is whole, but not of its collection's model.</param>
    /// <param name="Document">What is then to be embedded.</param>
    /// <param name="Settings">For this model.</param>
    private sealed record Staged(StageOutcome? Outcome, IndexedDocument? Document = null, IndexSettings? Settings = null);
}

/// <summary>The document with the vectors of another model.</summary>
internal delegate Task<IndexedDocument> EmbedDocument(IndexedDocument document, IndexSettings settings, CancellationToken cancellationToken);
