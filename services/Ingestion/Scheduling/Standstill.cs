namespace RagPlatform.Ingestion.Scheduling;

/// <summary>Why a version has not moved for long.</summary>
public enum Standstill
{
    /// <summary>It has: it is being prepared, waits for its turn to be published, or was published just now.</summary>
    UnderWay,

    /// <summary>This process does not hold it.</summary>
    Lost,

    /// <summary>Nobody's vectors have come back since it was sent.</summary>
    ModelStandsStill,

    /// <summary>Others have moved since.</summary>
    Stalled,
}
