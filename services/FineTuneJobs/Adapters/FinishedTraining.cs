using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>What a job hands over when it has succeeded, to become an adapter.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Job">Its id: the same job again gives the same adapter.</param>
/// <param name="Project">Whose gate judges.</param>
/// <param name="Suffix">Part of the adapter's name; may be empty.</param>
/// <param name="Method">specialist, decoder, retriever, reranker, openai or command.</param>
/// <param name="BaseModel">As the job named it.</param>
/// <param name="ResultFolder">With the adapter's files; it is moved, not copied, and must be on the file system of the adapters' directory. Empty where the model is elsewhere.</param>
/// <param name="Rows">The trainer's judgement on the held-out part.</param>
public sealed record FinishedTraining(
    string Tenant, string Job, string Project, string Suffix, string Method, string BaseModel, string ResultFolder, IReadOnlyList<EvaluationRow> Rows)
{
    /// <summary>The held-out part: what drift is measured against, and the smoke prediction reads.</summary>
    public IReadOnlyList<TrainingExample> HeldOut { get; init; } = [];

    /// <summary>Examples of the held-out part that, whole or nearly, are in the training part too (the dataset's findings).</summary>
    public int LeakedExamples { get; init; }

    /// <summary>The model elsewhere that was made; empty where the files are the adapter.</summary>
    public string RemoteModel { get; init; } = "";

    public string Name => $"{Project}/{(Suffix.Length > 0 ? Suffix : Method)}";
}
