using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Reads ranges of stored texts without loading the rest.</summary>
public sealed class StoredTexts(RegistryDatabase registry)
{
    /// <summary>For each range its text, verbatim; null where the document, the version or the range is not there. All from one moment.</summary>
    public IReadOnlyList<string?> Read(string tenant, string collection, IReadOnlyList<TextRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        using var connection = registry.OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        var passages = new string?[ranges.Count];
        foreach (var ofVersion in ranges.Select((range, index) => (range, index)).GroupBy(item => (item.range.DocumentId, item.range.Version)))
        {
            var versionId = connection.ExecuteScalar<long?>(
                """
                SELECT t.version_id FROM texts t JOIN versions v USING (version_id)
                WHERE v.tenant = @tenant AND v.collection = @collection AND v.document_id = @DocumentId AND v.version = @Version
                """,
                new { tenant, collection, ofVersion.Key.DocumentId, ofVersion.Key.Version }, snapshot);
            if (versionId is null)
            {
                continue;
            }

            using var text = new SqliteBlob(connection, "texts", "text", versionId.Value, readOnly: true);
            foreach (var (range, index) in ofVersion)
            {
                passages[index] = Read(text, range);
            }
        }

        return passages;
    }

    /// <summary>A version's bytes and text, from one moment; null where the version, the one or the other is not there.</summary>
    public StoredSource? ReadSource(DocumentKey key, long version)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var connection = registry.OpenReader();
        return connection.QuerySingleOrDefault<(byte[] Content, byte[] Text)?>(
            """
            SELECT c.content, t.text FROM versions v JOIN contents c USING (version_id) JOIN texts t USING (version_id)
            WHERE v.tenant = @Tenant AND v.collection = @Collection AND v.document_id = @DocumentId AND v.version = @version
            """,
            new { key.Tenant, key.Collection, key.DocumentId, version }) is { } row
            ? new StoredSource(row.Content, new string(MemoryMarshal.Cast<byte, char>(row.Text)))
            : null;
    }

    private static string? Read(SqliteBlob text, TextRange range)
    {
        if (range.Start < 0 || range.End < range.Start || range.End > text.Length / sizeof(char))
        {
            return null;
        }

        text.Position = (long)range.Start * sizeof(char);
        return string.Create(range.End - range.Start, text, static (characters, blob) => blob.ReadExactly(MemoryMarshal.AsBytes(characters)));
    }
}

/// <summary>What a version was made from, and the text that it gave.</summary>
public sealed record StoredSource(ReadOnlyMemory<byte> Content, string Text);

/// <param name="DocumentId">In the collection that is read.</param>
/// <param name="Version">Of the document.</param>
/// <param name="Start">In UTF-16 code units, inclusive.</param>
/// <param name="End">Exclusive.</param>
public sealed record TextRange(string DocumentId, long Version, int Start, int End);
