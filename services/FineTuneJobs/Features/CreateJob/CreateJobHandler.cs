using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Features.CreateJob;

/// <summary>Makes a job, durably. Its files are read after that, before it is queued.</summary>
public sealed class CreateJobHandler(SpecRules rules, JobWriter jobs)
{
    private const int MaxRequestIdCharacters = 64;

    public Task<Job> CreateAsync(string tenant, JobSpec spec, string requestId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        return requestId.Length <= MaxRequestIdCharacters && !requestId.Any(char.IsControl)
            ? jobs.CreateAsync(tenant, rules.Complete(tenant, spec), requestId, cancellationToken)
            : throw FineTuneJobsErrors.Invalid("request_id", $"it has {requestId.Length} characters, or a control character; at most {MaxRequestIdCharacters} without any are allowed.", "Use a UUID.");
    }
}
