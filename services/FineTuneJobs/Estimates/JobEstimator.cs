using System.Globalization;
using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Trainers.Estimates;
using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuneJobs.Estimates;

/// <summary>
/// What a job would take. Time is by what a former job of the same method and model took, else by the model's operations and a
/// calibration of this machine, made once, of a fraction of a second.
/// </summary>
public sealed class JobEstimator(PastRates rates, BaseModels models, IOptions<FineTuneJobsOptions> options, TimeProvider time)
{
    private const int AssumedEpochs = 5;
    private const int AssumedBatchTokens = 4096;
    private const int AssumedRank = 16;
    private const double Mebibyte = 1024 * 1024;

    private readonly Lazy<double> operationsPerSecond = new(() => MatrixSpeed.Measure(options.Value.Threads, time, CancellationToken.None));

    /// <param name="spec">Complete.</param>
    /// <param name="hyperParameters">Given ones and the trainer's defaults, "auto" among them.</param>
    /// <param name="statistics">Of its data.</param>
    public JobEstimate Estimate(JobSpec spec, IReadOnlyDictionary<string, string> hyperParameters, DatasetStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(hyperParameters);
        ArgumentNullException.ThrowIfNull(statistics);
        var epochs = Integer(hyperParameters, "epochs");
        var tokens = statistics.Tokens * (epochs ?? AssumedEpochs);
        var work = Work(spec, hyperParameters, statistics, epochs ?? AssumedEpochs);
        var (seconds, basis) = Seconds(spec, tokens, work);
        var hours = seconds / 3600;
        return new JobEstimate(
            seconds / 60, tokens, (work?.MemoryBytes ?? 0) / Mebibyte, options.Value.TrainingWatts * hours, options.Value.PricePerHour * hours, options.Value.Currency,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{basis}; {(epochs is { } given ? $"{given} epochs" : $"{AssumedEpochs} epochs assumed, since the trainer chooses")}, early stopping may make them fewer; {options.Value.TrainingWatts:0.#} W."));
    }

    private (double Seconds, string Basis) Seconds(JobSpec spec, long tokens, TrainingWork? work)
    {
        if (rates.Find(spec.Method, spec.BaseModel) is { } past)
        {
            return (tokens / past.TokensPerSecond, string.Create(CultureInfo.InvariantCulture, $"the {past.TokensPerSecond:0} tokens/s of the last job of this method and model, all of its run included"));
        }

        if (work is null)
        {
            return (0, "no former job of this method and model, and no model of this machine: time and memory are unknown");
        }

        var speed = TrainingSpeed.OfMachine(work, operationsPerSecond.Value);
        return (speed.SecondsOf(work), $"no former job of this method and model: {speed.Basis}");
    }

    /// <summary>Null where there is no model here to read the shape of.</summary>
    private TrainingWork? Work(JobSpec spec, IReadOnlyDictionary<string, string> hyperParameters, DatasetStatistics statistics, int epochs)
    {
        if (spec.Method is TrainingMethod.OpenAI or TrainingMethod.Command || models.Find(spec.BaseModel) is not { } folder)
        {
            return null;
        }

        var isFull = hyperParameters.GetValueOrDefault("tuning", "") == "full";
        var rank = isFull ? 0 : Integer(hyperParameters, "lora_rank") ?? AssumedRank;
        // Validation reads its part after every epoch; the test part is read with the adapter and with the base model.
        var read = (statistics.ValidationExamples * epochs) + (2 * statistics.TestExamples);
        var evaluationTokens = statistics.Tokens * read / Math.Max(1, statistics.TrainingExamples);
        try
        {
            return new TrainingWork(TransformerShape.Read(folder), rank, statistics.Tokens * epochs, evaluationTokens, Integer(hyperParameters, "batch_tokens") ?? AssumedBatchTokens);
        }
        catch (InvalidDataException)
        {
            // The trainer says what is wrong with it.
            return null;
        }
    }

    private static int? Integer(IReadOnlyDictionary<string, string> hyperParameters, string name) =>
        int.TryParse(hyperParameters.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : null;
}
