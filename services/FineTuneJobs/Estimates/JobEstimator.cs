using System.Globalization;
using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuneJobs.Estimates;

/// <summary>
/// What a job would take. Time is by what a former job of the same method and model took, else by arithmetic: a token costs about six
/// operations per parameter forward and backward, four where most parameters are frozen (Kaplan et al. 2020, arXiv:2001.08361).
/// </summary>
public sealed class JobEstimator(PastRates rates, BaseModels models, IOptions<FineTuneJobsOptions> options)
{
    private const double OperationsPerParameterFull = 6;
    private const double OperationsPerParameterAdapter = 4;

    /// <summary>That one thread does in a second in training, a cautious figure for AVX2.</summary>
    private const double OperationsPerThreadSecond = 4e10;

    private const int DefaultEpochs = 5;
    private const double Mebibyte = 1024 * 1024;

    /// <param name="spec">Complete.</param>
    /// <param name="statistics">Of its data.</param>
    public JobEstimate Estimate(JobSpec spec, DatasetStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(statistics);
        var isEpochsGiven = spec.HyperParameters.TryGetValue("epochs", out var given) & int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var epochs);
        var tokens = statistics.Tokens * (isEpochsGiven ? epochs : DefaultEpochs);
        var parameters = Parameters(spec);
        var isFull = spec.HyperParameters.GetValueOrDefault("tuning") == "full";
        var (seconds, basis) = Seconds(spec, tokens, parameters, isFull);
        var hours = seconds / 3600;
        return new JobEstimate(
            seconds / 60, tokens, Memory(parameters, isFull), options.Value.TrainingWatts * hours, options.Value.PricePerHour * hours, options.Value.Currency,
            $"{basis}; {(isEpochsGiven ? $"{epochs} epochs as given" : $"{DefaultEpochs} epochs assumed, since the trainer chooses")}; {options.Value.TrainingWatts:0.#} W.");
    }

    private (double Seconds, string Basis) Seconds(JobSpec spec, long tokens, long parameters, bool isFull)
    {
        if (rates.Find(spec.Method, spec.BaseModel) is { } past)
        {
            return (tokens / past.TokensPerSecond, string.Create(CultureInfo.InvariantCulture, $"the {past.TokensPerSecond:0} tokens/s of {past.Job}, all of its run included"));
        }

        if (parameters == 0)
        {
            return (0, "no former job of this method and model, and no model of this machine: the time is unknown");
        }

        var operations = (isFull ? OperationsPerParameterFull : OperationsPerParameterAdapter) * parameters;
        return (tokens * operations / (OperationsPerThreadSecond * options.Value.Threads),
            string.Create(CultureInfo.InvariantCulture, $"arithmetic for {parameters / 1e6:0.#} million parameters on {options.Value.Threads} threads, no former job being there; it can be wrong by a factor of three"));
    }

    /// <summary>Weights, and for what is trained gradients and AdamW's two moments; then what a batch leaves for its way back.</summary>
    private static double Memory(long parameters, bool isFull)
    {
        const double ActivationShare = 1.5;
        return parameters * sizeof(float) * (isFull ? 4 : 1.2) * ActivationShare / Mebibyte;
    }

    private long Parameters(JobSpec spec)
    {
        if (spec.Method is TrainingMethod.OpenAI or TrainingMethod.Command || models.Find(spec.BaseModel) is not { } folder)
        {
            return 0;
        }

        try
        {
            return ModelDescription.Read(folder).Parameters;
        }
        catch (InvalidDataException)
        {
            // The trainer says what is wrong with it.
            return 0;
        }
    }
}
