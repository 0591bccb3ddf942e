namespace RagPlatform.Ingestion.Scheduling;

/// <summary>What this process holds of one tenant.</summary>
internal sealed class TenantWork(string name)
{
    public string Name => name;

    /// <summary>By collection.</summary>
    public Dictionary<string, int> Documents { get; } = new(StringComparer.Ordinal);

    public int DocumentCount { get; set; }

    /// <summary>Documents in processing slots.</summary>
    public int Preparing { get; set; }

    /// <summary>Of contents in slots and of texts that wait to be published.</summary>
    public long Bytes { get; set; }

    public int ChunksInFlight { get; set; }

    /// <summary>Documents with unsent batches, in turn.</summary>
    public LinkedList<HeldDocument> Sending { get; } = [];
}
