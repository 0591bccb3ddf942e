using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Changes which adapter serves its name: each in one transaction with its history, so that a reader sees the old one or the new one.</summary>
public sealed class AdapterTransitions(AdapterDatabase database, IOptions<AdapterOptions> options)
{
    /// <summary>Again for the promoted one: nothing changes.</summary>
    /// <returns>The adapter, and the id of the one it replaced; empty where there was none.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">NotFound; FailedPrecondition: retired, or its gate has not passed it, naming the failed checks.</exception>
    public Task<(Adapter Adapter, string Replaced)> PromoteAsync(Actor actor, string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                var adapter = Require(connection, transaction, actor.Tenant, id);
                CheckServes(adapter);
                if (adapter.State is AdapterState.Promoted)
                {
                    return (adapter, "");
                }

                var former = AdapterRow.FindPromoted(connection, transaction, adapter.Tenant, adapter.Name);
                Replace(connection, transaction, actor, former, adapter, "promoted");
                connection.Execute("INSERT INTO promotions (tenant, name, adapter) VALUES (@Tenant, @Name, @Id)", adapter, transaction);
                connection.Execute(
                    """
                    DELETE FROM promotions WHERE tenant = @Tenant AND name = @Name AND sequence <= (
                        SELECT sequence FROM promotions WHERE tenant = @Tenant AND name = @Name ORDER BY sequence DESC LIMIT 1 OFFSET @KeptPromotions)
                    """,
                    new { adapter.Tenant, adapter.Name, options.Value.KeptPromotions }, transaction);
                return (Require(connection, transaction, actor.Tenant, id), former?.Id ?? "");
            },
            cancellationToken);

    /// <summary>To the one that was promoted before and can still serve; where none is promoted now, to the last that was.</summary>
    /// <returns>The adapter that serves now, and the id of the one that did; empty where there was none.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">FailedPrecondition: there is none to go back to.</exception>
    public Task<(Adapter Adapter, string Replaced)> RollBackAsync(Actor actor, string name, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                var former = AdapterRow.FindPromoted(connection, transaction, actor.Tenant, name);
                if (FindBefore(connection, transaction, actor.Tenant, name) is not { } target)
                {
                    throw AdapterErrors.NothingBefore(name);
                }

                connection.Execute("DELETE FROM promotions WHERE tenant = @Tenant AND name = @name AND sequence > @Sequence", new { actor.Tenant, name, target.Sequence }, transaction);
                var adapter = Require(connection, transaction, actor.Tenant, target.Adapter);
                Replace(connection, transaction, actor, former, adapter, "rolled_back");
                return (Require(connection, transaction, actor.Tenant, adapter.Id), former?.Id ?? "");
            },
            cancellationToken);

    /// <summary>Who would serve if the name was rolled back now; null for nobody.</summary>
    public Adapter? FindRollBackTarget(string tenant, string name)
    {
        using var connection = database.OpenReader();
        return FindBefore(connection, transaction: null, tenant, name) is { } target ? AdapterRow.Find(connection, transaction: null, tenant, target.Adapter) : null;
    }

    /// <summary>It serves no more, its name neither if it was the promoted one. Again: nothing changes.</summary>
    public Task<Adapter> RetireAsync(Actor actor, string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                var adapter = Require(connection, transaction, actor.Tenant, id);
                if (adapter.State is AdapterState.Retired)
                {
                    return adapter;
                }

                SetState(connection, transaction, adapter.Id, AdapterState.Retired);
                connection.Execute("DELETE FROM promotions WHERE adapter = @Id", new { adapter.Id }, transaction);
                database.Record(connection, transaction, actor, adapter, "retired", actor.Reason);
                return Require(connection, transaction, actor.Tenant, id);
            },
            cancellationToken);

    /// <summary>Before its files are deleted: nothing serves it from now on, whatever becomes of the deletion.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">FailedPrecondition while it is promoted.</exception>
    public Task<Adapter> WithdrawAsync(string tenant, string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                var adapter = Require(connection, transaction, tenant, id);
                if (adapter.State is AdapterState.Promoted)
                {
                    throw AdapterErrors.IsPromoted(adapter);
                }

                SetState(connection, transaction, adapter.Id, AdapterState.Retired);
                connection.Execute("DELETE FROM promotions WHERE adapter = @Id", new { adapter.Id }, transaction);
                return adapter;
            },
            cancellationToken);

    /// <summary>Forgets it but for its history, once its files are gone.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">FailedPrecondition while it is promoted.</exception>
    public Task<Adapter> DeleteAsync(Actor actor, string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                var adapter = Require(connection, transaction, actor.Tenant, id);
                if (adapter.State is AdapterState.Promoted)
                {
                    throw AdapterErrors.IsPromoted(adapter);
                }

                connection.Execute("DELETE FROM adapters WHERE id = @Id", new { adapter.Id }, transaction);
                database.Record(connection, transaction, actor, adapter, "deleted", actor.Reason);
                return adapter;
            },
            cancellationToken);

    /// <exception cref="Grpc.Errors.ServiceException">FailedPrecondition: retired, or not passed.</exception>
    internal static void CheckServes(Adapter adapter)
    {
        if (adapter.State is AdapterState.Retired)
        {
            throw AdapterErrors.IsRetired(adapter);
        }

        if (adapter.State is AdapterState.Candidate)
        {
            throw AdapterErrors.GateNotPassed(adapter);
        }
    }

    private void Replace(SqliteConnection connection, SqliteTransaction transaction, Actor actor, Adapter? former, Adapter adapter, string change)
    {
        if (former is not null)
        {
            // It may have been judged again while it served.
            SetState(connection, transaction, former.Id, former.Gate is { Passed: true } ? AdapterState.Promotable : AdapterState.Candidate);
            database.Record(connection, transaction, actor, former, "replaced", $"by {adapter.Name}:{adapter.Version}");
        }

        SetState(connection, transaction, adapter.Id, AdapterState.Promoted);
        database.Record(connection, transaction, actor, adapter, change, actor.Reason);
    }

    private static (long Sequence, string Adapter)? FindBefore(SqliteConnection connection, SqliteTransaction? transaction, string tenant, string name)
    {
        var found = connection.QueryFirstOrDefault<(long Sequence, string? Adapter)>(
            """
            SELECT p.sequence, p.adapter FROM promotions p JOIN adapters a ON a.id = p.adapter
            WHERE p.tenant = @tenant AND p.name = @name AND a.state = 2 ORDER BY p.sequence DESC LIMIT 1
            """,
            new { tenant, name }, transaction);
        return found.Adapter is null ? null : (found.Sequence, found.Adapter);
    }

    private static void SetState(SqliteConnection connection, SqliteTransaction transaction, string id, AdapterState state) =>
        connection.Execute("UPDATE adapters SET state = @state WHERE id = @id", new { id, state }, transaction);

    private static Adapter Require(SqliteConnection connection, SqliteTransaction transaction, string tenant, string id) =>
        AdapterRow.Find(connection, transaction, tenant, id) ?? throw AdapterErrors.Unknown("id", id);
}
