using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Features.DropDocuments;

namespace RagPlatform.Ingestion.Registry;

/// <summary>A drop that belongs to no document, and why.</summary>
public sealed record RejectedDrop
{
    public required long Id { get; init; }
    /// <summary>Empty where it could not be told.</summary>
    public required string Tenant { get; init; }
    public required string Field { get; init; }
    public required string Code { get; init; }
    public required string Reason { get; init; }
    public required string Remedy { get; init; }
    public required DateTimeOffset RejectedAt { get; init; }
    public required string? TraceParent { get; init; }
    public required long BodyBytes { get; init; }
    public required bool IsBodyKept { get; init; }

    /// <summary>32 hex digits; empty when not traced.</summary>
    public string TraceId => System.Diagnostics.ActivityContext.TryParse(TraceParent, null, out var context) ? context.TraceId.ToString() : "";
}

/// <summary>Whose rejected drops a caller sees: the tenant's, and an operator those of no tenant, too.</summary>
public sealed record DropViewer(string Tenant, bool SeesUnowned)
{
    internal string Clause => SeesUnowned ? "tenant IN (@Tenant, '')" : "tenant = @Tenant";
}

/// <summary>
/// Rejected drops, kept to be looked at, mended and sent again; the oldest go when there are too many. The queue
/// rag.documents_error has them, too: this is the copy that can be read without taking anything out.
/// </summary>
public sealed class RejectedDrops(RegistryDatabase registry, IOptions<IngestionOptions> options)
{
    public const int MaxBodyBytes = 3 * 1024 * 1024;

    private const string Select = """
        SELECT drop_id AS Id, tenant AS Tenant, field AS Field, code AS Code, reason AS Reason, remedy AS Remedy, rejected_at AS RejectedAt,
               traceparent AS TraceParent, body_bytes AS BodyBytes, kept_bytes AS KeptBytes
        FROM rejected_drops

        """;

    /// <summary>Durable when it returns. The same body refused again is one entry, with the latest reason.</summary>
    public Task KeepAsync(DropRejectedException rejection, ReadOnlyMemory<byte> body, string? traceParent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        var failure = rejection.ToFailure().Bounded();
        var isKept = body.Length <= MaxBodyBytes;
        return registry.WriteQuietlyAsync(
            write =>
            {
                write.Execute(
                    """
                    INSERT INTO rejected_drops (tenant, field, code, reason, remedy, rejected_at, traceparent, body_hash, body_bytes, kept_bytes, body)
                    VALUES (@Tenant, @Field, @Code, @Reason, @Remedy, @Now, @traceParent, @hash, @Length, @kept, @content)
                    ON CONFLICT (body_hash) DO UPDATE SET tenant = excluded.tenant, field = excluded.field, code = excluded.code, reason = excluded.reason,
                        remedy = excluded.remedy, rejected_at = excluded.rejected_at, traceparent = excluded.traceparent
                    """,
                    new
                    {
                        rejection.Tenant, rejection.Field, failure.Code, failure.Reason, failure.Remedy, write.Now, traceParent,
                        hash = Convert.ToHexStringLower(SHA256.HashData(body.Span)), body.Length,
                        kept = isKept ? body.Length : 0, content = isKept ? body.ToArray() : null,
                    });
                return Trim(write);
            },
            cancellationToken);
    }

    /// <summary>Newest first.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="before">Only ids below it.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<RejectedDrop> List(DropViewer viewer, long before, int limit)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        using var connection = registry.OpenReader();
        return [.. connection.Query<Row>($"{Select} WHERE {viewer.Clause} AND drop_id < @before ORDER BY drop_id DESC LIMIT @limit", new { viewer.Tenant, before, limit }).Select(row => row.ToDrop())];
    }

    /// <summary>Over all pages of <see cref="List"/>.</summary>
    public long Count(DropViewer viewer)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<long>($"SELECT count(*) FROM rejected_drops WHERE {viewer.Clause}", viewer);
    }

    public RejectedDrop? Find(DropViewer viewer, long id)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        using var connection = registry.OpenReader();
        return connection.QuerySingleOrDefault<Row>($"{Select} WHERE drop_id = @id AND {viewer.Clause}", new { id, viewer.Tenant })?.ToDrop();
    }

    /// <summary>Null where it was too large to be kept, or the drop is gone.</summary>
    public byte[]? ReadBody(long id)
    {
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<byte[]?>("SELECT body FROM rejected_drops WHERE drop_id = @id", new { id });
    }

    /// <summary>False when it was gone.</summary>
    public Task<bool> RemoveAsync(long id, CancellationToken cancellationToken) =>
        registry.WriteQuietlyAsync(write => write.Execute("DELETE FROM rejected_drops WHERE drop_id = @id", new { id }) == 1, cancellationToken);

    /// <summary>The latest one always stays.</summary>
    private int Trim(RegistryTransaction write)
    {
        var (count, bytes) = write.Connection.QuerySingle<(long, long)>("SELECT count(*), coalesce(sum(kept_bytes), 0) FROM rejected_drops", transaction: write.Transaction);
        var removed = 0;
        while (count > 1 && (count > options.Value.MaxRejectedDrops || bytes > options.Value.MaxRejectedDropBytes))
        {
            var (oldest, kept) = write.Connection.QuerySingle<(long, long)>("SELECT drop_id, kept_bytes FROM rejected_drops ORDER BY drop_id LIMIT 1", transaction: write.Transaction);
            removed += write.Execute("DELETE FROM rejected_drops WHERE drop_id = @oldest", new { oldest });
            (count, bytes) = (count - 1, bytes - kept);
        }

        return removed;
    }

    private sealed class Row
    {
        public long Id { get; init; }
        public string Tenant { get; init; } = "";
        public string Field { get; init; } = "";
        public string Code { get; init; } = "";
        public string Reason { get; init; } = "";
        public string Remedy { get; init; } = "";
        public long RejectedAt { get; init; }
        public string? TraceParent { get; init; }
        public long BodyBytes { get; init; }
        public long KeptBytes { get; init; }

        public RejectedDrop ToDrop() => new()
        {
            Id = Id,
            Tenant = Tenant,
            Field = Field,
            Code = Code,
            Reason = Reason,
            Remedy = Remedy,
            RejectedAt = DateTimeOffset.FromUnixTimeMilliseconds(RejectedAt),
            TraceParent = TraceParent,
            BodyBytes = BodyBytes,
            IsBodyKept = KeptBytes == BodyBytes,
        };
    }
}
