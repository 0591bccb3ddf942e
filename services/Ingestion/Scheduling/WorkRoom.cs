using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>What is held, summed up by tenant and in all, and what more the options allow. Guarded by its owner's lock.</summary>
internal sealed class WorkRoom(IngestionOptions options)
{
    private readonly Dictionary<string, TenantWork> _tenants = new(StringComparer.Ordinal);
    private readonly SendingWindow _window = new(options.MaxChunksInFlight);
    private int _documents;
    private int _preparing;
    private long _bytes;
    private int _chunksInFlight;

    public WorkCounts Counts => new(_documents, _preparing, _bytes, _chunksInFlight, _tenants.Count);

    public Admission Admits(string tenant)
    {
        var work = _tenants.GetValueOrDefault(tenant);
        var (documents, preparing, bytes) = (work?.DocumentCount ?? 0, work?.Preparing ?? 0, work?.Bytes ?? 0);
        var slots = options.ProcessConcurrency + (preparing == 0 ? 1 : 0);
        var hasRoom = _preparing < slots
            && documents < options.MaxDocumentsInFlightPerTenant
            && FairShare.HasRoom(documents, _documents, options.MaxDocumentsInFlight)
            && FairShare.HasRoom(bytes, _bytes, options.MaxPreparedBytes);
        return !hasRoom ? Admission.No : preparing == 0 ? Admission.First : Admission.Further;
    }

    public bool MaySend(TenantWork tenant)
    {
        if (FairShare.HasRoom(tenant.ChunksInFlight, _chunksInFlight, _window.Chunks))
        {
            return true;
        }

        _window.Refuse();
        return false;
    }

    public int CountOf(Lane lane) => _tenants.TryGetValue(lane.Tenant, out var tenant) ? tenant.Documents.GetValueOrDefault(lane.Collection) : 0;

    /// <summary>In a slot.</summary>
    /// <param name="version">Of the document.</param>
    /// <param name="inFlight">Of its former version.</param>
    public HeldDocument Add(WaitingVersion version, Dictionary<(long Version, int Batch), SentBatch> inFlight)
    {
        if (!_tenants.TryGetValue(version.Key.Tenant, out var tenant))
        {
            _tenants[version.Key.Tenant] = tenant = new TenantWork(version.Key.Tenant);
        }

        var document = new HeldDocument(version, tenant) { InFlight = inFlight };
        _documents++;
        tenant.DocumentCount++;
        tenant.Documents[version.Key.Collection] = tenant.Documents.GetValueOrDefault(version.Key.Collection) + 1;
        CountPreparing(document, 1);
        SetBytes(document, version.ContentBytes);
        CountChunks(document, inFlight.Values.Sum(batch => batch.Chunks));
        return document;
    }

    public void Remove(HeldDocument document)
    {
        var (collection, tenant) = (document.Picked.Key.Collection, document.Tenant);
        CountPreparing(document, document.IsPreparing ? -1 : 0);
        SetBytes(document, 0);
        CountChunks(document, -document.InFlight.Values.Sum(batch => batch.Chunks));
        _documents--;
        if (--tenant.Documents[collection] == 0)
        {
            tenant.Documents.Remove(collection);
        }

        if (--tenant.DocumentCount == 0)
        {
            _tenants.Remove(tenant.Name);
        }
    }

    public void LeaveSlot(HeldDocument document) => CountPreparing(document, -1);

    public void SetBytes(HeldDocument document, long bytes)
    {
        document.Tenant.Bytes += bytes - document.Bytes;
        _bytes += bytes - document.Bytes;
        document.Bytes = bytes;
    }

    /// <summary>A batch's vectors came back.</summary>
    public void Return(HeldDocument document, int chunks, TimeSpan after)
    {
        _window.Return(chunks, after);
        CountChunks(document, -chunks);
    }

    public void CountChunks(HeldDocument document, int change)
    {
        document.Tenant.ChunksInFlight += change;
        _chunksInFlight += change;
    }

    private void CountPreparing(HeldDocument document, int change)
    {
        document.IsPreparing = change > 0;
        document.Tenant.Preparing += change;
        _preparing += change;
    }
}

/// <param name="Documents">Picked and not yet at rest.</param>
/// <param name="Preparing">Of them in processing slots.</param>
/// <param name="Bytes">Of contents in slots and of texts that wait to be published.</param>
/// <param name="ChunksInFlight">Published, and their vectors have not come back.</param>
/// <param name="Tenants">Whose documents they are.</param>
public sealed record WorkCounts(int Documents, int Preparing, long Bytes, int ChunksInFlight, int Tenants);

/// <summary>Whether a tenant's document may be taken.</summary>
public enum Admission
{
    /// <summary>Not now.</summary>
    No,

    /// <summary>It may, and the tenant has none in a slot.</summary>
    First,

    /// <summary>It may, and the tenant has others in slots.</summary>
    Further,
}
