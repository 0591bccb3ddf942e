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

/// <param name="DocumentId">In the collection that is read.</param>
/// <param name="Version">Of the document.</param>
/// <param name="Start">In UTF-16 code units, inclusive.</param>
/// <param name="End">Exclusive.</param>
public sealed record TextRange(string DocumentId, long Version, int Start, int End);
