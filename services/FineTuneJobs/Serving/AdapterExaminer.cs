using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.Grpc.Errors;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>
/// Loads an adapter as it would be served and asks it: the held-out texts, of whose answers drift is told later, and probe
/// texts that it should not answer. Of a retriever or reranker it is looked whether the Embedding service could load it.
/// </summary>
internal sealed class AdapterExaminer(LoadedModels models, AdapterFolders folders) : IAdapterExaminer
{
    /// <summary>Enough for drift's bands; what writes is far slower, and needs but a few to show that it works.</summary>
    private const int MaxHeldOut = 1000;
    private const int MaxWritten = 4;
    private const int BatchTexts = 32;

    /// <summary>A refusal shows in its first words.</summary>
    private const int ProbeTokens = 48;

    /// <summary>A job has waited for longer things than room.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task<GateEvidence> ExamineAsync(Adapter adapter, FinishedTraining training, CancellationToken cancellationToken)
    {
        var evidence = new GateEvidence(training.HeldOut.Count, training.LeakedExamples, null, null, null, null);
        if (PublishedModels.Publishes(adapter.Method))
        {
            return evidence with { SmokeProblem = FindMissing(adapter) };
        }

        if (!models.Serves(adapter.Method))
        {
            return evidence;
        }

        try
        {
            using var rented = await models.RentAsync(adapter, Patience, cancellationToken);
            var isSpecialist = adapter.Method == "specialist";
            var texts = training.HeldOut.Select(TextOf).OfType<string>().Take(isSpecialist ? MaxHeldOut : MaxWritten).DefaultIfEmpty(ProbeTexts.OutOfScope[0]).ToList();
            return await Task.Run(
                () => isSpecialist ? AskSpecialist(rented.Model, texts, evidence, cancellationToken)
                    : AskLanguageModel(rented.Model, texts, evidence, isProbed: !adapter.Metrics.ContainsKey("refusal_kept"), cancellationToken),
                cancellationToken);
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.FailedPrecondition)
        {
            return evidence with { SmokeProblem = failure.Message };
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or ArgumentException or ArithmeticException)
        {
            return evidence with { SmokeProblem = exception.Message };
        }
    }

    private static GateEvidence AskSpecialist(IServedModel model, List<string> texts, GateEvidence evidence, CancellationToken cancellationToken)
    {
        var answers = texts.Chunk(BatchTexts).SelectMany(batch => model.Predict(batch, ProbeTokens, cancellationToken)).ToList();
        return evidence with
        {
            SmokeProblem = FindBroken(answers),
            ProbeRefused = ShareRefused(model.Predict(ProbeTexts.OutOfScope, ProbeTokens, cancellationToken)),
            HeldOut = Describe(answers),
        };
    }

    private static GateEvidence AskLanguageModel(IServedModel model, List<string> texts, GateEvidence evidence, bool isProbed, CancellationToken cancellationToken)
    {
        var answers = model.Predict(texts, ProbeTokens, cancellationToken);
        return evidence with
        {
            SmokeProblem = answers.All(answer => answer.Json.Length == 0) ? "all its answers are empty." : null,
            ProbeRefused = isProbed ? ShareRefused(model.Predict(ProbeTexts.ToRefuse, ProbeTokens, cancellationToken)) : null,
            BaseProbeRefused = isProbed && model.PredictWithout(ProbeTexts.ToRefuse, ProbeTokens, cancellationToken) is { } former ? ShareRefused(former) : null,
        };
    }

    private string? FindMissing(Adapter adapter)
    {
        try
        {
            var kind = ModelDescription.Read(new BaseModelFolder(adapter.Id, folders.Of(adapter.Id))).Kind;
            var wanted = adapter.Method == "reranker" ? ModelKind.Reranker : ModelKind.Encoder;
            return kind == wanted ? null : $"the files are of kind {kind}, not {wanted}.";
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return exception.Message;
        }
    }

    private static string? FindBroken(List<ServedPrediction> answers)
    {
        var broken = answers.Find(answer => !ServedEvaluation.IsJson(answer.Json) || answer.Confidence is not (>= 0 and <= 1));
        return broken is null ? null : $"an answer is no JSON, or its confidence ({broken.Confidence}) is none: {(broken.Json.Length <= 80 ? broken.Json : broken.Json[..80])}";
    }

    private static double ShareRefused(IReadOnlyList<ServedPrediction> answers) => (double)answers.Count(answer => answer.IsOutOfScope) / answers.Count;

    private static ServedReference Describe(List<ServedPrediction> answers)
    {
        var mean = answers.Average(answer => answer.Confidence);
        var variance = answers.Sum(answer => (answer.Confidence - mean) * (answer.Confidence - mean)) / Math.Max(1, answers.Count - 1);
        return new ServedReference(answers.Count, mean, Math.Sqrt(variance), answers.Count(answer => answer.IsOutOfScope));
    }

    /// <summary>What a caller would send: the last message of the user.</summary>
    private static string? TextOf(TrainingExample example) =>
        example is ChatExample chat ? chat.Messages.LastOrDefault(turn => turn.Role == "user" && turn.Content.Length > 0)?.Content : null;
}
