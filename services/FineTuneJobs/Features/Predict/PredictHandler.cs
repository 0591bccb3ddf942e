using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuneJobs.Serving.Drift;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs.Features.Predict;

/// <summary>Has an adapter answer texts. All of a request are answered by one adapter, whatever is promoted meanwhile.</summary>
internal sealed class PredictHandler(
    AdapterCatalog catalog, LoadedModels models, PredictionSlots slots, DriftRecorder drift, IOptions<ServingOptions> options, TimeProvider time)
{
    private const int MaxTexts = 256;

    /// <summary>Times that a name is looked up again because what it named left before it could be loaded.</summary>
    private const int MaxLookups = 5;

    /// <summary>For those who use the adapters in memory; most are done in milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <exception cref="ServiceException">Names the field; ResourceExhausted with a delay when too many wait.</exception>
    public async Task<PredictOutcome> PredictAsync(string tenant, string reference, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        Check(texts);
        try
        {
            var (adapter, rented) = await RentAsync(tenant, reference, cancellationToken);
            using (rented)
            {
                var (predictions, seconds) = await slots.RunAsync(() => Compute(rented.Model, texts, cancellationToken), cancellationToken);
                Record(adapter, texts, predictions, seconds);
                return new PredictOutcome(adapter.Id, predictions, seconds * 1000);
            }
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.ResourceExhausted)
        {
            ServingTelemetry.Refusals.Add(1, new KeyValuePair<string, object?>("rag.reason", failure.Code));
            throw;
        }
    }

    private async Task<(Adapter Adapter, RentedModel Rented)> RentAsync(string tenant, string reference, CancellationToken cancellationToken)
    {
        for (var lookup = 1; ; lookup++)
        {
            var adapter = catalog.Get(tenant, reference, "adapter");
            models.RequireServed(adapter);
            AdapterTransitions.CheckServes(adapter);
            try
            {
                return (adapter, await models.RentAsync(adapter, Patience, cancellationToken));
            }
            catch (ServiceException failure) when (failure.Kind is FailureKind.FailedPrecondition && lookup < MaxLookups && catalog.Get(tenant, reference, "adapter").Id != adapter.Id)
            {
                // It was replaced and deleted between the look and the loading: the name has another now.
            }
        }
    }

    private (IReadOnlyList<ServedPrediction> Predictions, double Seconds) Compute(IServedModel model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using var span = ServingTelemetry.Source.StartActivity("predict");
        var began = time.GetTimestamp();
        var predictions = Predict(model, texts, cancellationToken);
        return (predictions, time.GetElapsedTime(began).TotalSeconds);
    }

    private IReadOnlyList<ServedPrediction> Predict(IServedModel model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            return model.Predict(texts, options.Value.MaxOutputTokens, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw AdapterErrors.Invalid("TEXT_TOO_LONG", "texts", exception.Message, "Shorten the text.");
        }
    }

    private void Record(Adapter adapter, IReadOnlyList<string> texts, IReadOnlyList<ServedPrediction> predictions, double seconds)
    {
        var name = new KeyValuePair<string, object?>("rag.adapter.name", adapter.Name);
        ServingTelemetry.Duration.Record(seconds, name);
        foreach (var prediction in predictions)
        {
            ServingTelemetry.Predictions.Add(1, name, new("rag.adapter.version", adapter.Version), new("rag.out_of_scope", prediction.IsOutOfScope));
            ServingTelemetry.Confidence.Record(prediction.Confidence, name);
        }

        drift.Record(adapter, texts, predictions);
    }

    private void Check(IReadOnlyList<string> texts)
    {
        if (texts.Count is 0 or > MaxTexts)
        {
            throw AdapterErrors.Invalid("TEXTS_COUNT", "texts", $"there are {texts.Count}.", $"Send 1 to {MaxTexts} in one request.");
        }

        for (var index = 0; index < texts.Count; index++)
        {
            if (string.IsNullOrWhiteSpace(texts[index]))
            {
                throw AdapterErrors.Invalid("TEXT_EMPTY", $"texts[{index}]", "it is empty.", "Leave it out.");
            }

            if (texts[index].Length > options.Value.MaxTextCharacters)
            {
                throw AdapterErrors.Invalid(
                    "TEXT_TOO_LONG", $"texts[{index}]", $"it has {texts[index].Length} characters; at most {options.Value.MaxTextCharacters} are allowed.", "Shorten it, or raise FineTuneJobs:Serving:MaxTextCharacters.");
            }
        }
    }
}

/// <param name="Adapter">Id of the one that computed all of them.</param>
/// <param name="Predictions">In the order of the texts.</param>
/// <param name="ModelMilliseconds">In the model alone.</param>
internal sealed record PredictOutcome(string Adapter, IReadOnlyList<ServedPrediction> Predictions, double ModelMilliseconds);
