using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Reads ranges of stored texts without loading the rest, and where they stand in the originals.</summary>
public sealed class StoredTexts(RegistryDatabase registry)
{
    /// <summary>For each range what is there, verbatim; null where the document, the version or the range is not there. All from one moment.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="collection">Of the documents.</param>
    /// <param name="ranges">Any number of each version.</param>
    /// <param name="widen">Reads all of the parent that a range lies in.</param>
    public IReadOnlyList<StoredPassage?> Read(string tenant, string collection, IReadOnlyList<TextRange> ranges, bool widen = false)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        using var connection = registry.OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        var passages = new StoredPassage?[ranges.Count];
        foreach (var ofVersion in ranges.Select((range, index) => (range, index)).GroupBy(item => (item.range.DocumentId, item.range.Version)))
        {
            var row = connection.QuerySingleOrDefault<(long VersionId, byte[]? Parents, byte[]? Places)?>(
                """
                SELECT t.version_id, o.parents, o.places FROM versions v JOIN texts t USING (version_id) LEFT JOIN outlines o USING (version_id)
                WHERE v.tenant = @tenant AND v.collection = @collection AND v.document_id = @DocumentId AND v.version = @Version
                """,
                new { tenant, collection, ofVersion.Key.DocumentId, ofVersion.Key.Version }, snapshot);
            if (row is not { } found)
            {
                continue;
            }

            using var text = new SqliteBlob(connection, "texts", "text", found.VersionId, readOnly: true);
            var wanted = Widen(ofVersion.Select(item => item.range), widen ? found.Parents : null);
            var places = Places(found.Places, wanted);
            foreach (var ((_, index), range, place) in ofVersion.Zip(wanted, places))
            {
                passages[index] = Read(text, range) is { } characters ? new StoredPassage(characters, range.Start, range.End, place) : null;
            }
        }

        return passages;
    }

    private static List<CharacterRange> Widen(IEnumerable<TextRange> ranges, byte[]? parents)
    {
        var known = parents is null ? [] : RangesFormat.Read(parents);
        return [.. ranges.Select(range => new CharacterRange(range.Start, range.End)).Select(range => RangesFormat.Around(known, range) ?? range)];
    }

    private static IEnumerable<string> Places(byte[]? places, List<CharacterRange> ranges) =>
        places is null ? ranges.Select(_ => "") : PlacesFormat.Find(places, ranges).Select(place => LocationText.Of(place.First, place.Last));

    private static string? Read(SqliteBlob text, CharacterRange range)
    {
        if (range.Start < 0 || range.End < range.Start || range.End > text.Length / sizeof(char))
        {
            return null;
        }

        text.Position = (long)range.Start * sizeof(char);
        return string.Create(range.End - range.Start, text, static (characters, blob) => blob.ReadExactly(MemoryMarshal.AsBytes(characters)));
    }
}

/// <param name="Text">Verbatim.</param>
/// <param name="Start">In UTF-16 code units, inclusive: of the range, or of its parent.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Location">In the original: "page 12"; empty where it has no such places.</param>
public sealed record StoredPassage(string Text, int Start, int End, string Location);

/// <param name="DocumentId">In the collection that is read.</param>
/// <param name="Version">Of the document.</param>
/// <param name="Start">In UTF-16 code units, inclusive.</param>
/// <param name="End">Exclusive.</param>
public sealed record TextRange(string DocumentId, long Version, int Start, int End);
