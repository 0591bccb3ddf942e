using System.Text.Json;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>
/// Loads an adapter as it would be served and asks it: the held-out texts, of whose answers drift is told later, and where
/// its method answers, probe texts that belong to no task, which it should not take for its own.
/// </summary>
internal sealed class AdapterExaminer(LoadedModels models) : IAdapterExaminer
{
    /// <summary>Enough for drift's bands; a decoder writes far slower, and needs but a few to show that it works.</summary>
    private const int MaxHeldOut = 1000;
    private const int MaxWritten = 8;
    private const int BatchTexts = 32;

    /// <summary>A job has waited for longer things than room.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task<GateEvidence> ExamineAsync(Adapter adapter, FinishedTraining training, CancellationToken cancellationToken)
    {
        var evidence = new GateEvidence(training.HeldOut.Count, training.LeakedExamples, null, null, null);
        if (!models.Serves(adapter.Method))
        {
            return evidence;
        }

        try
        {
            using var rented = await models.RentAsync(adapter, Patience, cancellationToken);
            var answersFast = adapter.Method == "specialist";
            var texts = training.HeldOut.Select(TextOf).OfType<string>().Take(answersFast ? MaxHeldOut : MaxWritten).DefaultIfEmpty(ProbeTexts.All[0]).ToList();
            return await Task.Run(() => Ask(rented.Model, texts, evidence, answersFast, cancellationToken), cancellationToken);
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.FailedPrecondition)
        {
            return evidence with { SmokeProblem = failure.Message };
        }
    }

    private static GateEvidence Ask(IServedModel model, List<string> texts, GateEvidence evidence, bool isSpecialist, CancellationToken cancellationToken)
    {
        try
        {
            var answers = texts.Chunk(BatchTexts).SelectMany(batch => model.Predict(batch, cancellationToken)).ToList();
            var probed = isSpecialist ? model.Predict(ProbeTexts.All, cancellationToken) : null;
            return evidence with
            {
                SmokeProblem = isSpecialist ? FindBroken(answers) : null,
                ProbeRefused = probed is null ? null : (double)probed.Count(answer => answer.IsOutOfScope) / probed.Count,
                HeldOut = isSpecialist ? Describe(answers) : null,
            };
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or ArgumentException or ArithmeticException)
        {
            return evidence with { SmokeProblem = exception.Message };
        }
    }

    private static string? FindBroken(List<ServedPrediction> answers)
    {
        var broken = answers.Find(answer => !IsJson(answer.Json) || !double.IsFinite(answer.Confidence) || answer.Confidence is < 0 or > 1);
        return broken is null ? null : $"an answer is no JSON, or its confidence ({broken.Confidence}) is none: {(broken.Json.Length <= 80 ? broken.Json : broken.Json[..80])}";
    }

    private static ServedReference Describe(List<ServedPrediction> answers)
    {
        var mean = answers.Average(answer => answer.Confidence);
        var variance = answers.Sum(answer => (answer.Confidence - mean) * (answer.Confidence - mean)) / Math.Max(1, answers.Count - 1);
        return new ServedReference(answers.Count, mean, Math.Sqrt(variance), answers.Count(answer => answer.IsOutOfScope));
    }

    /// <summary>What a caller would send: the last message of the user.</summary>
    private static string? TextOf(TrainingExample example) =>
        example is ChatExample chat ? chat.Messages.LastOrDefault(turn => turn.Role == "user" && turn.Content.Length > 0)?.Content : null;

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
