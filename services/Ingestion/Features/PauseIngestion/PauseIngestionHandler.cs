using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;

namespace RagPlatform.Ingestion.Features.PauseIngestion;

/// <param name="IsPaused">Nothing of what was asked for is begun.</param>
/// <param name="Pauses">That bear on it.</param>
/// <param name="Waiting">Accepted, to be begun.</param>
/// <param name="InFlight">Begun, neither indexed nor failed.</param>
/// <param name="Deleting">Deletions under way; a pause does not hold them.</param>
/// <param name="Failed">Documents that stand still.</param>
public sealed record IngestionStanding(bool IsPaused, IReadOnlyList<IngestionPause> Pauses, long Waiting, long InFlight, long Deleting, long Failed);

/// <summary>
/// Which documents a pause is about: of all tenants, of one, or of its collection. What is paused is accepted and waits;
/// what was begun is finished, so that a paused part comes to rest by itself.
/// </summary>
public sealed class PauseIngestionHandler(IngestionPauses pauses, DocumentCatalog catalog, VersionQueue queue, WorkInHand work)
{
    public const int MaxReasonCharacters = 500;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument, or ResourceExhausted: the tenant has too many pauses.</exception>
    public async Task<IngestionStanding> PauseAsync(PauseScope scope, string reason, CancellationToken cancellationToken)
    {
        Check(scope);
        if (reason.Length > MaxReasonCharacters)
        {
            throw IngestionErrors.Invalid("reason", $"it has {reason.Length} characters; the limit is {MaxReasonCharacters}.", "Shorten it.");
        }

        return await pauses.PauseAsync(scope.PausedTenant, scope.Collection, reason, cancellationToken)
            ? Get(scope)
            : throw IngestionErrors.TooManyPauses(IngestionPauses.MaxPauses);
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument.</exception>
    public async Task<IngestionStanding> ResumeAsync(PauseScope scope, CancellationToken cancellationToken)
    {
        Check(scope);
        await pauses.ResumeAsync(scope.PausedTenant, scope.Collection, cancellationToken);
        work.Room.Set();
        return Get(scope);
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument.</exception>
    public IngestionStanding Get(PauseScope scope)
    {
        Check(scope);
        var counts = catalog.CountByState(scope.CountedTenant, scope.Collection);
        var inFlight = queue.CountTaken(scope.CountedTenant, scope.Collection);
        var begun = counts.Where(entry => entry.Key <= DocumentState.Indexing).Sum(entry => entry.Value);
        var bearing = pauses.List(scope.PausedTenant, scope.Collection);
        return new IngestionStanding(
            bearing.Any(pause => pause.Collection.Length == 0 || pause.Collection == scope.Collection), bearing,
            Waiting: Math.Max(0, begun - inFlight), inFlight, counts.GetValueOrDefault(DocumentState.Deleting), counts.GetValueOrDefault(DocumentState.Failed));
    }

    private static void Check(PauseScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        SubmissionRules.CheckTenant(scope.Tenant);
        if (scope.IsAllTenants && scope.Collection.Length > 0)
        {
            throw IngestionErrors.Invalid("collection", $"'{IngestionErrors.Shorten(scope.Collection)}' is given together with all_tenants.", "Give the one or the other.");
        }

        if (scope.Collection.Length > 0)
        {
            SubmissionRules.CheckCollection(scope.Collection);
        }
    }
}

/// <param name="Tenant">Who asks.</param>
/// <param name="Collection">All of the tenant's when empty.</param>
/// <param name="IsAllTenants">Everybody's: the caller is an operator.</param>
public sealed record PauseScope(string Tenant, string Collection, bool IsAllTenants)
{
    /// <summary>As pauses name it: empty for all.</summary>
    public string PausedTenant => IsAllTenants ? "" : Tenant;

    /// <summary>As counts name it: null for all.</summary>
    public string? CountedTenant => IsAllTenants ? null : Tenant;
}
