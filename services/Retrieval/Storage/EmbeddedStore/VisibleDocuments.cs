using RagPlatform.Search.InMemory;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>A document's visible version, as it goes into the index.</summary>
internal sealed record VisibleDocument(DocumentVersion Version, IReadOnlyList<IndexEntry<StoredChunk>> Chunks);

/// <summary>Reads what the database says is visible.</summary>
internal static class VisibleDocuments
{
    private const string Rows =
        """
        SELECT documents.document_id AS DocumentId, versions.version AS Version, versions.title AS Title, versions.uri AS Uri,
            versions.metadata AS Metadata, chunks.chunk_id AS ChunkId, chunks.text AS Text, chunks.start_offset AS StartOffset,
            chunks.end_offset AS EndOffset, chunks.heading_path AS HeadingPath, chunks.vector AS Vector
        FROM documents
        JOIN versions ON versions.document = documents.key AND versions.version = documents.visible_version
        LEFT JOIN chunks ON chunks.document = versions.document AND chunks.version = versions.version
        WHERE documents.tenant = @tenant AND documents.collection = @collection
        """;

    /// <summary>Null if no version of the document is visible.</summary>
    public static VisibleDocument? Find(SqliteConnection connection, CollectionKey collection, string documentId) =>
        Group(connection.Query<Row>(
            $"{Rows} AND documents.document_id = @documentId ORDER BY chunks.ordinal",
            new { tenant = collection.Tenant.Name, collection = collection.Name, documentId },
            buffered: false)).SingleOrDefault();

    /// <summary>Every visible document of the collection, read as they are taken.</summary>
    public static IEnumerable<VisibleDocument> All(SqliteConnection connection, CollectionKey collection) =>
        Group(connection.Query<Row>(
            $"{Rows} ORDER BY documents.document_id, chunks.ordinal",
            new { tenant = collection.Tenant.Name, collection = collection.Name },
            buffered: false));

    private static IEnumerable<VisibleDocument> Group(IEnumerable<Row> rows)
    {
        DocumentVersion? version = null;
        var chunks = new List<IndexEntry<StoredChunk>>();
        foreach (var row in rows)
        {
            if (version?.DocumentId != row.DocumentId)
            {
                if (version is not null)
                {
                    yield return new VisibleDocument(version, chunks);
                }

                version = new DocumentVersion(row.DocumentId, row.Version, row.Title, row.Uri, JsonSerializer.Deserialize<Dictionary<string, string>>(row.Metadata)!);
                chunks = [];
            }

            if (row.ChunkId is not null)
            {
                chunks.Add(row.ToEntry(version));
            }
        }

        if (version is not null)
        {
            yield return new VisibleDocument(version, chunks);
        }
    }

    private sealed class Row
    {
        public string DocumentId { get; init; } = "";
        public long Version { get; init; }
        public string Title { get; init; } = "";
        public string Uri { get; init; } = "";
        public string Metadata { get; init; } = "";

        /// <summary>Null in the one row of a version without chunks.</summary>
        public string? ChunkId { get; init; }
        public string Text { get; init; } = "";
        public int StartOffset { get; init; }
        public int EndOffset { get; init; }
        public string HeadingPath { get; init; } = "";
        public byte[] Vector { get; init; } = [];

        public IndexEntry<StoredChunk> ToEntry(DocumentVersion version)
        {
            var headings = JsonSerializer.Deserialize<string[]>(HeadingPath)!;
            var chunk = new StoredChunk(ChunkId!, version, headings, Text, StartOffset, EndOffset);
            return new IndexEntry<StoredChunk>(ChunkId!, version.Title, headings, Text, UnitVector.Read(Vector), chunk);
        }
    }
}
