using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts.Embedding;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>The one model that all of a collection's vectors are from.</summary>
internal sealed class CollectionRow
{
    public string Tenant { get; init; } = "";
    public string Name { get; init; } = "";
    public string Model { get; init; } = "";
    public int Dimension { get; init; }

    public static IEnumerable<CollectionRow> All(SqliteConnection connection) =>
        connection.Query<CollectionRow>("SELECT tenant AS Tenant, name AS Name, model AS Model, dimension AS Dimension FROM collections");

    /// <summary>The first batch decides the model; once the collection holds nothing, seen or staged, the next one may decide anew.</summary>
    public static void RequireModel(SqliteConnection connection, SqliteTransaction transaction, CollectionKey collection, ChunksEmbedded batch)
    {
        var values = new { tenant = collection.Tenant.Name, collection = collection.Name, batch.Model, batch.Dimension };
        if (Find() is { } known && known.Model == batch.Model && known.Dimension == batch.Dimension)
        {
            return;
        }

        connection.Execute(
            """
            INSERT INTO collections (tenant, name, model, dimension) VALUES (@tenant, @collection, @Model, @Dimension)
            ON CONFLICT DO UPDATE SET model = @Model, dimension = @Dimension WHERE NOT EXISTS (
                SELECT 1 FROM documents JOIN versions ON versions.document = documents.key
                WHERE documents.tenant = @tenant AND documents.collection = @collection)
            """,
            values, transaction);
        var row = Find()!;
        if (row.Model != batch.Model || row.Dimension != batch.Dimension)
        {
            throw RetrievalErrors.ModelMismatch(batch.Document, batch.Model, batch.Dimension, row.Model, row.Dimension);
        }

        CollectionRow? Find() => connection.QuerySingleOrDefault<CollectionRow>(
            "SELECT model AS Model, dimension AS Dimension FROM collections WHERE tenant = @tenant AND name = @collection", values, transaction);
    }
}
