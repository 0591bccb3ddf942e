using RagPlatform.Contracts.Embedding;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>What a batch is to its document.</summary>
internal enum StageDecision
{
    /// <summary>Something higher came first.</summary>
    Superseded,

    /// <summary>Its version is what searches see.</summary>
    Visible,

    /// <summary>Others are missing: it is to be kept.</summary>
    Keep,

    /// <summary>All others of its version are kept: the version is whole with it.</summary>
    Complete,
}

/// <summary>
/// One batch and what is known of its document. The batch that completes its version is never kept: the version goes to the
/// store with it, and then is visible. Whoever calls holds the collection, so that nothing changes in between.
/// </summary>
internal sealed class VersionStaging(CatalogueSession catalogue, CollectionKey collection, ChunksEmbedded batch)
{
    private readonly DocumentRow _document = DocumentRow.Find(catalogue, collection, batch.Document.DocumentId);

    public DocumentRow Document => _document;

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The version's batches contradict each other.</exception>
    public StageDecision Decide()
    {
        if (batch.Version < Math.Max(_document.VisibleVersion, _document.LostVersion) || batch.Version <= _document.DeletedVersion)
        {
            return StageDecision.Superseded;
        }

        if (batch.Version == _document.VisibleVersion)
        {
            return StageDecision.Visible;
        }

        // What was lost is only sent again where what came after it has failed, perhaps half staged.
        if (batch.Version != _document.LostVersion && catalogue.Scalar<bool>("SELECT EXISTS (SELECT 1 FROM versions WHERE document = @Key AND version > @Version)", Here))
        {
            return StageDecision.Superseded;
        }

        RequireSameContent();
        var others = catalogue.Scalar<int>($"{CountOfSamePreparation} AND batch_index <> @BatchIndex", Here);
        return others == batch.BatchCount - 1 ? StageDecision.Complete : StageDecision.Keep;
    }

    /// <summary>Keeps the batch, once. A version's first batch drops what is staged of lower ones, and of another preparation of its own.</summary>
    public void Keep()
    {
        var document = DocumentRow.FindOrAdd(catalogue, collection, batch.Document.DocumentId);
        document.DropStaged(catalogue, batch.Version - 1);
        catalogue.Execute($"DELETE FROM versions WHERE document = @Key AND version = @Version AND NOT {SamePreparation}", Of(document));
        catalogue.Execute(
            """
            INSERT INTO versions (document, version, content_hash, model, dimension, batch_count, chunk_count, chunking_hash)
            VALUES (@Key, @Version, @ContentHash, @Model, @Dimension, @BatchCount, @ChunkCount, @ChunkingHash) ON CONFLICT DO NOTHING
            """,
            Of(document));
        var added = catalogue.Execute(
            "INSERT INTO staged_batches (document, version, batch_index) VALUES (@Key, @Version, @BatchIndex) ON CONFLICT DO NOTHING", Of(document));
        if (added > 0)
        {
            StagedChunks.Add(catalogue, document.Key, batch);
        }
    }

    /// <summary>The whole version: what is kept of it and this batch.</summary>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The batches do not hold the chunks that were announced.</exception>
    public IndexedDocument Assemble()
    {
        var chunks = batch.BatchCount == 1 ? new SortedDictionary<int, IndexedChunk>() : StagedChunks.Read(catalogue, _document.Key, batch.Version);
        foreach (var chunk in batch.Chunks)
        {
            chunks.TryAdd(chunk.Ordinal, StagedChunks.ToIndexed(chunk));
        }

        return chunks.Count == batch.ChunkCount
            ? new IndexedDocument(batch.Document.DocumentId, batch.Version, batch.Title, batch.Uri, batch.Metadata, [.. chunks.Values])
            : throw RetrievalErrors.BatchInvalid(batch.Document, batch.Version, batch.BatchIndex,
                $"its version's {batch.BatchCount} batches hold {chunks.Count} different chunks, {batch.ChunkCount} were announced.");
    }

    /// <summary>The version is in the store: it is what searches see.</summary>
    public void Finish(ActiveIndex index)
    {
        DocumentRow.FindOrAdd(catalogue, collection, batch.Document.DocumentId).Show(catalogue, batch.Version, batch.ChunkCount, batch.ChunkingHash);
        // What was prepared for a former model says nothing of how documents are chunked now.
        if (batch.Model == index.Settings.Model && batch.ChunkingHash.Length > 0)
        {
            IndexTable.SetChunking(catalogue, index.Key.Generation, batch.ChunkingHash);
        }
    }

    /// <summary>
    /// A version that is resumed after a restart is prepared again, perhaps by another model or with other chunk sizes: what
    /// was staged of it before cannot be completed any more, and the later preparation counts. Another content is a fault.
    /// </summary>
    private const string SamePreparation = "(model = @Model AND dimension = @Dimension AND batch_count = @BatchCount AND chunk_count = @ChunkCount AND versions.chunking_hash = @ChunkingHash)";

    private const string CountOfSamePreparation =
        $"""
        SELECT count(*) FROM staged_batches JOIN versions USING (document, version)
        WHERE document = @Key AND version = @Version AND {SamePreparation}
        """;

    private object Here => Of(_document);

    private object Of(DocumentRow document) => new
    {
        document.Key, batch.Version, batch.BatchIndex, batch.ContentHash, batch.Model, batch.Dimension, batch.BatchCount, batch.ChunkCount,
        batch.ChunkingHash,
    };

    private void RequireSameContent()
    {
        if (catalogue.Scalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM versions WHERE document = @Key AND version = @Version AND content_hash <> @ContentHash)", Here))
        {
            throw RetrievalErrors.BatchInvalid(batch.Document, batch.Version, batch.BatchIndex,
                "its content hash differs from that of another batch of the version.");
        }
    }
}
