using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>What a succeeded job made: files, or the name of a model elsewhere, with the judgement of them.</summary>
public sealed record Adapter
{
    public required string Tenant { get; init; }

    /// <summary>"adapter-" and 24 hex digits, of its tenant and job.</summary>
    public required string Id { get; init; }

    /// <summary>PROJECT/SUFFIX, or PROJECT/METHOD without a suffix; one adapter of it is promoted at most.</summary>
    public required string Name { get; init; }

    /// <summary>Of the name, from 1; never given twice.</summary>
    public required int Version { get; init; }

    public required AdapterState State { get; init; }

    /// <summary>specialist, decoder, retriever, reranker, openai or command.</summary>
    public required string Method { get; init; }

    public required string BaseModel { get; init; }

    public required string Project { get; init; }

    public required string Job { get; init; }

    /// <summary>Of its files.</summary>
    public required long Bytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>On the held-out part: "adapter", "base" and the baselines.</summary>
    public required IReadOnlyList<EvaluationRow> Rows { get; init; }

    /// <summary>Null until it was examined.</summary>
    public GateEvidence? Evidence { get; init; }

    /// <summary>The last judgement; null until it was examined.</summary>
    public GateReport? Gate { get; init; }

    /// <summary>Its row's; none where it was not judged.</summary>
    public IReadOnlyDictionary<string, double> Metrics => Rows.FirstOrDefault(row => row.System == "adapter")?.Metrics ?? new Dictionary<string, double>();
}

/// <summary>Candidate → promotable (the gate) → promoted → retired; a promoted one that another replaces is promotable again.</summary>
public enum AdapterState
{
    Candidate = 1,
    Promotable = 2,
    Promoted = 3,
    Retired = 4,
}

/// <summary>What was done to an adapter, when, by whom and why. Kept also when the adapter is deleted.</summary>
/// <param name="Sequence">Ascending over all.</param>
/// <param name="At">When.</param>
/// <param name="Name">Of the adapter.</param>
/// <param name="Adapter">Its id.</param>
/// <param name="Change">created, gate_passed, gate_refused, promoted, replaced, rolled_back, retired or deleted.</param>
/// <param name="Reason">As the caller gave it, or what the platform had.</param>
/// <param name="By">Who called; "platform" where nobody did.</param>
public sealed record AdapterChange(long Sequence, DateTimeOffset At, string Name, string Adapter, string Change, string Reason, string By);
