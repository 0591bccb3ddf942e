namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>Which folders of jobs are of use.</summary>
public sealed class KnownJobs(RegistryDatabase registry)
{
    /// <summary>Neither deleted nor cancelled.</summary>
    public bool NeedsFolder(string jobId)
    {
        using var connection = registry.OpenReader();
        return JobRow.Find(connection, null, jobId) is { State: not JobState.Cancelled };
    }
}
