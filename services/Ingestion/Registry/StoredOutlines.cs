using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Registry;

/// <summary>What is stored of versions beside their texts: structure, places, parents, and what a document says about itself.</summary>
public sealed class StoredOutlines(RegistryDatabase registry)
{
    private const string OfVersion = "v.tenant = @Tenant AND v.collection = @Collection AND v.document_id = @DocumentId AND v.version = @version";

    /// <summary>A version's text and outline, from one moment; null where the text is not there, no outline where an earlier release stored it.</summary>
    public StoredStructure? Read(DocumentKey key, long version)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var connection = registry.OpenReader();
        return connection.QuerySingleOrDefault<(byte[] Text, byte[]? Description, byte[]? Places, byte[]? Structure, byte[]? Parents)?>(
            $"""
            SELECT t.text, o.description, o.places, o.structure, o.parents
            FROM versions v JOIN texts t USING (version_id) LEFT JOIN outlines o USING (version_id) WHERE {OfVersion}
            """,
            new { key.Tenant, key.Collection, key.DocumentId, version }) is { } row
            ? new StoredStructure(
                new string(MemoryMarshal.Cast<byte, char>(row.Text)),
                row.Structure is null ? null : new DocumentOutline(row.Description, row.Places, row.Structure),
                row.Parents is null ? [] : RangesFormat.Read(row.Parents))
            : null;
    }

    /// <summary>Null until the version is extracted, and where an earlier release did it.</summary>
    public DocumentDescription? ReadDescription(DocumentKey key, long version)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<byte[]?>(
            $"SELECT o.description FROM versions v JOIN outlines o USING (version_id) WHERE {OfVersion}",
            new { key.Tenant, key.Collection, key.DocumentId, version }) is { } description ? DescriptionFormat.Read(description) : null;
    }

    /// <summary>Keeps what quotes are widened to, in place of what was kept before. Nothing where the version's outline is gone.</summary>
    public Task<bool> RecordParentsAsync(DocumentKey key, long version, IReadOnlyList<CharacterRange> parents, CancellationToken cancellationToken) =>
        registry.WriteQuietlyAsync(
            write => write.Execute(
                $"UPDATE outlines SET parents = @parents WHERE version_id = (SELECT version_id FROM versions v WHERE {OfVersion})",
                new { key.Tenant, key.Collection, key.DocumentId, version, parents = parents.Count == 0 ? null : RangesFormat.Write(parents) }) == 1,
            cancellationToken);

    /// <summary>Gives a version an outline that was stored without one. Nothing where its text is gone.</summary>
    public Task<bool> RecordAsync(DocumentKey key, long version, DocumentOutline outline, CancellationToken cancellationToken) =>
        registry.WriteQuietlyAsync(
            write =>
            {
                var versionId = write.Connection.ExecuteScalar<long?>(
                    $"SELECT t.version_id FROM versions v JOIN texts t USING (version_id) WHERE {OfVersion}",
                    new { key.Tenant, key.Collection, key.DocumentId, version }, write.Transaction);
                if (versionId is not null)
                {
                    Write(write, versionId.Value, outline);
                }

                return versionId is not null;
            },
            cancellationToken);

    internal static void Write(RegistryTransaction write, long versionId, DocumentOutline outline)
    {
        using var command = write.Connection.CreateCommand();
        command.Transaction = write.Transaction;
        command.CommandText = "INSERT OR REPLACE INTO outlines (version_id, description, places, structure) VALUES (@id, @description, @places, @structure)";
        command.Parameters.AddWithValue("@id", versionId);
        command.Parameters.Add("@description", SqliteType.Blob).Value = outline.Description.ToArray();
        command.Parameters.Add("@places", SqliteType.Blob).Value = outline.Places.ToArray();
        command.Parameters.Add("@structure", SqliteType.Blob).Value = outline.Structure.ToArray();
        command.ExecuteNonQuery();
    }
}

/// <param name="Text">As it is stored.</param>
/// <param name="Outline">Null where an earlier release stored the text.</param>
/// <param name="Parents">What quotes are widened to; none unless the version was cut into parents and children.</param>
public sealed record StoredStructure(string Text, DocumentOutline? Outline, IReadOnlyList<CharacterRange> Parents);
