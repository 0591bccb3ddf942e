using System.Collections.Frozen;
using Dapper;

namespace RagPlatform.Ingestion.Registry;

/// <param name="Tenant">Empty for all of them.</param>
/// <param name="Collection">Empty for all of the tenant's.</param>
/// <param name="Reason">For those who ask why; may be empty.</param>
/// <param name="Since">When it began.</param>
public sealed record IngestionPause(string Tenant, string Collection, string Reason, DateTimeOffset Since);

/// <summary>Of which tenants and collections nothing is begun. Durable; asked from memory, for it is asked before every document.</summary>
public sealed class IngestionPauses(RegistryDatabase registry)
{
    /// <summary>Of one tenant.</summary>
    public const int MaxPauses = 1000;

    private readonly Lock _reading = new();
    private volatile FrozenSet<(string Tenant, string Collection)>? _paused;

    /// <summary>Of anybody.</summary>
    public bool Any => (_paused ??= Read()).Count > 0;

    public bool IsPaused(string tenant, string collection)
    {
        var paused = _paused ?? Read();
        return paused.Count > 0 && (paused.Contains(("", "")) || paused.Contains((tenant, "")) || paused.Contains((tenant, collection)));
    }

    /// <summary>That bear on the tenant's collection, or on any of its collections when empty; the broadest first.</summary>
    public IReadOnlyList<IngestionPause> List(string tenant, string collection)
    {
        using var connection = registry.OpenReader();
        return
        [
            .. connection.Query<(string Tenant, string Collection, string Reason, long PausedAt)>(
                $"""
                SELECT tenant, collection, reason, paused_at FROM pauses
                WHERE tenant IN ('', @tenant) {(collection.Length > 0 ? "AND collection IN ('', @collection)" : "")} ORDER BY tenant, collection LIMIT @limit
                """,
                new { tenant, collection, limit = MaxPauses + 1 })
                .Select(row => new IngestionPause(row.Tenant, row.Collection, row.Reason, DateTimeOffset.FromUnixTimeMilliseconds(row.PausedAt))),
        ];
    }

    /// <summary>Paused again, it keeps its time and gets the new reason.</summary>
    /// <returns>False when the tenant has as many pauses as it may.</returns>
    public async Task<bool> PauseAsync(string tenant, string collection, string reason, CancellationToken cancellationToken)
    {
        var isPaused = await registry.WriteQuietlyAsync(
            write => write.Execute(
                """
                INSERT INTO pauses (tenant, collection, reason, paused_at)
                SELECT @tenant, @collection, @reason, @Now WHERE (SELECT count(*) FROM pauses WHERE tenant = @tenant AND collection <> @collection) < @MaxPauses
                ON CONFLICT (tenant, collection) DO UPDATE SET reason = excluded.reason
                """,
                new { tenant, collection, reason, write.Now, MaxPauses }) > 0,
            cancellationToken);
        Read();
        return isPaused;
    }

    /// <summary>Lifts this pause; broader and narrower ones stay.</summary>
    public async Task ResumeAsync(string tenant, string collection, CancellationToken cancellationToken)
    {
        await registry.WriteQuietlyAsync(
            write => write.Execute("DELETE FROM pauses WHERE tenant = @tenant AND collection = @collection", new { tenant, collection }), cancellationToken);
        Read();
    }

    /// <summary>One after the other, so that what was read last is also what stays.</summary>
    private FrozenSet<(string Tenant, string Collection)> Read()
    {
        lock (_reading)
        {
            using var connection = registry.OpenReader();
            return _paused = connection.Query<(string, string)>("SELECT tenant, collection FROM pauses").ToFrozenSet();
        }
    }
}
