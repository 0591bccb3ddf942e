using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Registry;
using RagPlatform.State;

namespace RagPlatform.Ingestion.Features.StageContent;

/// <summary>
/// Content that drops may name, each tenant's by itself, in a file beside the registry so that what comes and goes here does
/// not swell that one. It stays until it expires, whoever used it: a drop may be delivered again.
/// </summary>
public sealed class StagedContents(IOptions<IngestionOptions> options, TimeProvider time) : IDisposable
{
    private static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE staged_contents (
            tenant TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            content_bytes INTEGER NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (tenant, content_hash)
        );
        CREATE INDEX staged_contents_expiry ON staged_contents (expires_at);
        """,
    ];

    private readonly SqliteDatabase _database = new(Path.Combine(options.Value.DataDirectory, "ingestion", "staged.db"), Migrations, Durability.Full);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Durable when this returns. What is there already lasts anew.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">ResourceExhausted: the tenant has no room. Unavailable: the file cannot be written at the moment.</exception>
    public async Task<StagedContent> StageAsync(string tenant, byte[] content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var reference = ContentReference.Of(content);
        var limitBytes = options.Value.StagedContentMebibytesPerTenant * 1024L * 1024;
        var staged = new StagedContent(reference, content.Length, time.GetUtcNow().AddHours(options.Value.StagedContentHours));
        var expiresAt = staged.ExpiresAt.ToUnixTimeMilliseconds();
        try
        {
            return await _database.WriteAsync(
                (connection, transaction, _) =>
                {
                    if (connection.Execute("UPDATE staged_contents SET expires_at = @expiresAt WHERE tenant = @tenant AND content_hash = @Hash", new { expiresAt, tenant, reference.Hash }, transaction) == 0)
                    {
                        var held = connection.ExecuteScalar<long>("SELECT coalesce(sum(content_bytes), 0) FROM staged_contents WHERE tenant = @tenant AND expires_at > @Now", new { tenant, Now }, transaction);
                        if (held + content.Length > limitBytes)
                        {
                            throw IngestionErrors.StagingFull(content.Length, held, limitBytes);
                        }

                        connection.Execute(
                            "INSERT INTO staged_contents (tenant, content_hash, expires_at, content_bytes, content) VALUES (@tenant, @Hash, @expiresAt, @Length, @content)",
                            new { tenant, reference.Hash, expiresAt, content.Length, content }, transaction);
                    }

                    return Task.FromResult(staged);
                },
                cancellationToken);
        }
        catch (SqliteException exception) when (RegistryDatabase.IsUnavailable(exception))
        {
            throw IngestionErrors.RegistryUnavailable(exception);
        }
    }

    /// <summary>Null when the tenant has none of that name, or not any more.</summary>
    public byte[]? Find(string tenant, ContentReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        using var connection = _database.OpenReader();
        return connection.ExecuteScalar<byte[]?>("SELECT content FROM staged_contents WHERE tenant = @tenant AND content_hash = @Hash AND expires_at > @Now", new { tenant, reference.Hash, Now });
    }

    /// <summary>Deletes what has expired, a few at a time so that nobody waits long for the file.</summary>
    /// <returns>How many.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        for (var swept = 0; ;)
        {
            var deleted = await _database.WriteAsync(
                (connection, transaction, _) => Task.FromResult(connection.Execute(
                    "DELETE FROM staged_contents WHERE rowid IN (SELECT rowid FROM staged_contents WHERE expires_at <= @Now LIMIT 16)", new { Now }, transaction)),
                cancellationToken);
            swept += deleted;
            if (deleted == 0)
            {
                return swept;
            }
        }
    }

    public void Dispose() => _database.Dispose();
}

/// <summary>Content that is kept until it expires.</summary>
public sealed record StagedContent(ContentReference Reference, long Bytes, DateTimeOffset ExpiresAt);
