using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.State;

namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>
/// What is true of collections and documents: which version of each is seen, which deletions came, what is still arriving.
/// The stores hold the chunks that are searched; where they and the catalogue differ, the catalogue says what must be.
/// </summary>
internal sealed class CatalogueDatabase(SqliteDatabase database) : IDisposable
{
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "retrieval", "catalogue.db");

    public static CatalogueDatabase Open(string dataDirectory, Durability durability) =>
        new(new SqliteDatabase(PathIn(dataDirectory), CatalogueSchema.Migrations, durability));

    public T Read<T>(Func<CatalogueSession, T> work)
    {
        using var connection = database.OpenReader();
        return work(new CatalogueSession(connection, null));
    }

    /// <summary>One transaction, durable on return.</summary>
    public Task<T> WriteAsync<T>(Func<CatalogueSession, T> work, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, transaction, _) => Task.FromResult(work(new CatalogueSession(connection, transaction))), cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<CatalogueSession> work, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction, _) =>
            {
                work(new CatalogueSession(connection, transaction));
                return Task.CompletedTask;
            },
            cancellationToken);

    public void Dispose() => database.Dispose();
}

/// <summary>Statements on one connection, within its transaction if there is one.</summary>
internal readonly record struct CatalogueSession(SqliteConnection Connection, SqliteTransaction? Transaction)
{
    public int Execute(string sql, object? values = null) => Connection.Execute(sql, values, Transaction);

    public T? Scalar<T>(string sql, object? values = null) => Connection.ExecuteScalar<T>(sql, values, Transaction);

    public IReadOnlyList<T> Query<T>(string sql, object? values = null) => [.. Connection.Query<T>(sql, values, Transaction)];

    public T? Find<T>(string sql, object? values = null) => Connection.QuerySingleOrDefault<T>(sql, values, Transaction);
}
