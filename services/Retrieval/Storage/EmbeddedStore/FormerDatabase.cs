using System.Text.Json;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Search;
using RagPlatform.State;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>
/// retrieval.db, in which the version before indexes were files kept everything. What searches saw of it is taken over once,
/// with its deletions; then the file is renamed. What was still arriving the registry sends again.
/// </summary>
internal sealed partial class FormerDatabase(string path, CatalogueDatabase catalogue, Collections collections, Indexes indexes, ILogger<FormerDatabase> logger)
{
    /// <summary>May be repeated until it succeeds: what is there already stays. The catalogue notes the versions when it is compared with the store.</summary>
    public async Task TakeOverAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using (var former = new CatalogueDatabase(new SqliteDatabase(path, ["SELECT 1"], Durability.Normal)))
        {
            foreach (var row in former.Read(session => session.Query<CollectionRow>("SELECT tenant AS Tenant, name AS Name, model AS Model, dimension AS Dimension FROM collections")))
            {
                await TakeOverAsync(former, store, CollectionKey.Require(row.Tenant, row.Name), new IndexSettings(row.Model, row.Dimension), cancellationToken);
            }
        }

        File.Move(path, $"{path}.taken-over", overwrite: true);
        LogTakenOver(logger, path);
    }

    private async Task TakeOverAsync(CatalogueDatabase former, IVectorStore store, CollectionKey collection, IndexSettings settings, CancellationToken cancellationToken)
    {
        using var held = await collections.HoldAsync(collection, cancellationToken);
        var documents = former.Read(session => session.Query<DocumentVersions>(
            """
            SELECT key AS Key, document_id AS DocumentId, visible_version AS VisibleVersion, deleted_version AS DeletedVersion FROM documents
            WHERE tenant = @tenant AND collection = @collection
            """,
            new { tenant = collection.Tenant.Name, collection = collection.Name }));
        var index = held.Current?.Index ?? await catalogue.WriteAsync(
            session =>
            {
                CollectionTable.Save(session, collection, store.Name, SearchDefaults.Unset);
                var added = indexes.Add(session, collection, store.Name, settings);
                IndexTable.Activate(session, added);
                return added;
            },
            cancellationToken);
        await store.CreateAsync(index.Key, index.Settings, cancellationToken);
        await Parallel.ForEachAsync(documents.Where(document => document.VisibleVersion > 0), cancellationToken, async (document, cancellation) =>
            await store.ReplaceAsync(index.Key, former.Read(session => Read(session, document)), cancellation));
        await catalogue.WriteAsync(
            session =>
            {
                foreach (var document in documents)
                {
                    var row = DocumentRow.FindOrAdd(session, collection, document.DocumentId);
                    session.Execute("UPDATE documents SET deleted_version = max(deleted_version, @DeletedVersion) WHERE key = @Key", new { document.DeletedVersion, row.Key });
                }
            },
            cancellationToken);
        held.Current = catalogue.Read(session => CollectionTable.Find(session, collection));
    }

    private static IndexedDocument Read(CatalogueSession former, DocumentVersions document)
    {
        var key = new { document.Key, document.VisibleVersion };
        var version = former.Find<VersionRow>("SELECT title AS Title, uri AS Uri, metadata AS Metadata FROM versions WHERE document = @Key AND version = @VisibleVersion", key)!;
        var chunks = former.Query<ChunkRow>(
            $"SELECT {ChunkRow.Columns} FROM chunks WHERE document = @Key AND version = @VisibleVersion ORDER BY ordinal", key);
        return new IndexedDocument(
            document.DocumentId, document.VisibleVersion, version.Title, version.Uri, JsonSerializer.Deserialize<Dictionary<string, string>>(version.Metadata)!,
            [.. chunks.Select(chunk => chunk.ToIndexed())]);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Took over what {Path} held; it is kept beside as .taken-over and may be deleted")]
    private static partial void LogTakenOver(ILogger logger, string path);

    private sealed class CollectionRow
    {
        public string Tenant { get; init; } = "";
        public string Name { get; init; } = "";
        public string Model { get; init; } = "";
        public int Dimension { get; init; }
    }

    private sealed class DocumentVersions
    {
        public long Key { get; init; }
        public string DocumentId { get; init; } = "";
        public long VisibleVersion { get; init; }
        public long DeletedVersion { get; init; }
    }

    private sealed class VersionRow
    {
        public string Title { get; init; } = "";
        public string Uri { get; init; } = "";
        public string Metadata { get; init; } = "";
    }
}
