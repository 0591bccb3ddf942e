using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>
/// Which version is processed next: tenants in turn, those without a document in a slot before the others; a tenant's
/// collections in turn; in a collection by <see cref="QueueRank"/>. It keeps no list of what waits: each pick is a few seeks in
/// the registry's index, so that nothing in memory grows with the queue or is out of date. Used by one loop.
/// </summary>
public sealed class LanePicker(VersionQueue queue, WorkInHand work, LaneRests rests, IngestionPauses pauses, IOptions<IngestionOptions> options)
{
    private const int MaxRememberedTenants = 10_000;

    private readonly Dictionary<string, string> _lastCollections = new(StringComparer.Ordinal);
    private string _lastTenant = "";

    /// <summary>Takes the next version that may be processed now; null when there is none.</summary>
    public WaitingVersion? Pick()
    {
        using var reader = queue.OpenReader();
        var preparing = work.Preparing();
        var busy = new List<string>();
        foreach (var tenant in InTurn(_lastTenant, reader.NextTenant))
        {
            var admission = work.Admits(tenant);
            if (admission is Admission.First && PickOf(tenant, reader, preparing) is { } version)
            {
                return version;
            }

            if (admission is Admission.Further)
            {
                busy.Add(tenant);
            }
        }

        return busy.Select(tenant => PickOf(tenant, reader, preparing)).FirstOrDefault(version => version is not null);
    }

    /// <summary>The one place that says whether a collection's documents may be begun now.</summary>
    private bool MayRun(Lane lane, IReadOnlySet<DocumentKey> preparing) =>
        !pauses.IsPaused(lane.Tenant, lane.Collection)
        && work.CountOf(lane) < options.Value.MaxDocumentsInFlightPerCollection
        && rests.MayTry(lane, isTried: preparing.Any(key => Lane.Of(key) == lane));

    private WaitingVersion? PickOf(string tenant, QueueReader reader, IReadOnlySet<DocumentKey> preparing)
    {
        foreach (var collection in InTurn(_lastCollections.GetValueOrDefault(tenant, ""), after => reader.NextCollection(tenant, after)))
        {
            if (MayRun(new Lane(tenant, collection), preparing) && reader.First(tenant, collection, preparing) is { } version)
            {
                if (_lastCollections.Count >= MaxRememberedTenants)
                {
                    _lastCollections.Clear();
                }

                (_lastTenant, _lastCollections[tenant]) = (tenant, collection);
                work.Take(version);
                return version;
            }
        }

        return null;
    }

    /// <summary>Each once, beginning after the last one that had a turn.</summary>
    private static IEnumerable<string> InTurn(string last, Func<string, string?> next)
    {
        for (var name = next(last); name is not null; name = next(name))
        {
            yield return name;
        }

        for (var name = next(""); name is not null && string.CompareOrdinal(name, last) <= 0; name = next(name))
        {
            yield return name;
        }
    }
}
