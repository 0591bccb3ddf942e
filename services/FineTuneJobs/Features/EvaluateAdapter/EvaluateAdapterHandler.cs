using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Features.EvaluateAdapter;

/// <summary>Judges an adapter again: by its job's held-out part and the gate as it is now, which is kept; or on another dataset, which changes nothing.</summary>
internal sealed class EvaluateAdapterHandler(
    AdapterCatalog catalog, AdapterRegistry registry, DatasetStore datasets, LoadedModels models, PredictionSlots slots, GateSettings gates)
{
    /// <summary>What a specialist answers in some seconds; what writes is far slower.</summary>
    private const int MaxExamples = 5000;
    private const int MaxWritten = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="actor">Who asks.</param>
    /// <param name="reference">Of the adapter.</param>
    /// <param name="dataset">Id; empty for the job's own held-out part.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument, NotFound; FailedPrecondition: it makes no predictions here.</exception>
    public async Task<(IReadOnlyList<EvaluationRow> Rows, GateReport Gate)> EvaluateAsync(Actor actor, string reference, string dataset, CancellationToken cancellationToken)
    {
        var adapter = catalog.Get(actor.Tenant, reference, "id");
        if (dataset.Length == 0)
        {
            var judged = await registry.JudgeAsync(actor, adapter.Id, evidence: null, cancellationToken);
            return (judged.Rows, judged.Gate!);
        }

        var found = datasets.Find(actor.Tenant, dataset) ?? throw FineTuneJobsErrors.DatasetNotFound("dataset", dataset);
        models.RequireServed(adapter);
        var examples = await Task.Run(() => JobData.ReadFile(datasets.PathOf(actor.Tenant, found), JobData.Test, new DatasetSplit(), cancellationToken).Examples, cancellationToken);
        var row = await AskAsync(adapter, examples, cancellationToken)
            ?? throw AdapterErrors.Invalid("NOTHING_TO_EVALUATE", "dataset", $"{dataset} has no example with a question and an answer.", "Give a file of conversations, or of prompts with completions.");
        var evidence = (adapter.Evidence ?? new GateEvidence(0, 0, null, null, null, null)) with { HeldOutExamples = (int)row.Metrics["examples"], LeakedExamples = 0 };
        return ([row], gates.Of(adapter).JudgeMeasured(adapter.Method, [row], evidence, adapter.Bytes));
    }

    private async Task<EvaluationRow?> AskAsync(Adapter adapter, IReadOnlyList<TrainingExample> examples, CancellationToken cancellationToken)
    {
        using var rented = await models.RentAsync(adapter, Patience, cancellationToken);
        var asked = examples.Take(adapter.Method == "specialist" ? MaxExamples : MaxWritten).ToList();
        try
        {
            return await slots.RunAsync(() => ServedEvaluation.Evaluate(rented.Model, asked, cancellationToken), cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw AdapterErrors.Invalid("TEXT_TOO_LONG", "dataset", exception.Message, "Leave the example out, or shorten it.");
        }
    }
}
