using System.Text.Json;
using System.Text.Json.Serialization;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Announcing;

/// <summary>A job's end as foreign clients read it on the exchange "rag.events"; plain JSON, fields without a value left out.</summary>
internal sealed record JobEventMessage
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>"finetune.succeeded" or "finetune.failed"; also the routing key.</summary>
    public required string Type { get; init; }
    public required string Tenant { get; init; }
    public required string Job { get; init; }
    public required string Project { get; init; }
    public required string Method { get; init; }
    public string? BaseModel { get; init; }
    public string? Adapter { get; init; }
    public string? Code { get; init; }
    public string? Reason { get; init; }
    public string? Remedy { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }

    public static JobEventMessage From(Job job) => new()
    {
        Type = $"finetune.{job.State.Name()}",
        Tenant = job.Tenant,
        Job = job.Id,
        Project = job.Spec.Project,
        Method = job.Spec.Method.Name(),
        BaseModel = job.Spec.BaseModel.Length > 0 ? job.Spec.BaseModel : null,
        Adapter = job.Adapter.Length > 0 ? job.Adapter : null,
        Code = job.Failure?.Code,
        Reason = job.Failure?.Problem,
        Remedy = job.Failure?.Remedy,
        OccurredAt = job.EndedAt,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
