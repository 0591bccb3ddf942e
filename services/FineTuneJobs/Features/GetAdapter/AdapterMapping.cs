using Google.Protobuf.WellKnownTypes;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuning.Trainers;
using Proto = RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Features.GetAdapter;

/// <summary>Adapters, their judgements and their history in the terms of the RPCs.</summary>
internal static class AdapterMapping
{
    public static Proto.Adapter ToTerms(this Adapter adapter) => new()
    {
        Id = adapter.Id,
        Name = adapter.Name,
        Version = adapter.Version,
        State = (Proto.AdapterState)adapter.State,
        Method = adapter.Method switch
        {
            "specialist" => Proto.TrainingMethod.Specialist,
            "decoder" => Proto.TrainingMethod.Decoder,
            "retriever" => Proto.TrainingMethod.Retriever,
            "reranker" => Proto.TrainingMethod.Reranker,
            "openai" => Proto.TrainingMethod.Openai,
            "command" => Proto.TrainingMethod.Command,
            _ => Proto.TrainingMethod.Unspecified,
        },
        BaseModel = adapter.BaseModel,
        Job = adapter.Job,
        Bytes = adapter.Bytes,
        CreatedAt = adapter.CreatedAt.ToTimestamp(),
        Gate = adapter.Gate?.ToTerms(),
        Metrics = { adapter.Metrics.ToDictionary() },
    };

    public static Proto.GateReport ToTerms(this GateReport report) => new()
    {
        Passed = report.Passed,
        Checks =
        {
            report.Checks.Select(check => new Proto.GateCheck { Name = check.Name, Passed = check.Passed, Value = check.Value, Limit = check.Limit, Explanation = check.Explanation }),
        },
    };

    public static Proto.EvaluationRow ToTerms(this EvaluationRow row) => new() { System = row.System, Metrics = { row.Metrics.ToDictionary() } };

    public static Proto.ListAdaptersResponse ToResponse(this (IReadOnlyList<Adapter> Adapters, string NextPageToken) page) =>
        new() { Adapters = { page.Adapters.Select(ToTerms) }, NextPageToken = page.NextPageToken };

    public static Proto.ListAdapterChangesResponse ToResponse(this (IReadOnlyList<AdapterChange> Changes, string NextPageToken) page) => new()
    {
        Changes =
        {
            page.Changes.Select(change => new Proto.AdapterChange
            {
                At = change.At.ToTimestamp(), Name = change.Name, Adapter = change.Adapter, Change = change.Change, Reason = change.Reason, By = change.By,
            }),
        },
        NextPageToken = page.NextPageToken,
    };
}
