using System.Diagnostics;
using System.Diagnostics.Metrics;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs;

/// <summary>Every span source and instrument of datasets and jobs.</summary>
public sealed class FineTuneJobsTelemetry : IDisposable
{
    public const string Name = "RagPlatform.FineTuneJobs";

    private readonly Meter _meter;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _deaths;
    private readonly Histogram<double> _loss;
    private readonly Histogram<double> _tokensPerSecond;

    public FineTuneJobsTelemetry(IMeterFactory meters, JobCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(catalog);
        _meter = meters.Create(Name);
        _meter.CreateObservableGauge(
            "rag.finetune.jobs", () => catalog.CountByState().Select(entry => new Measurement<long>(entry.Value, new KeyValuePair<string, object?>("state", entry.Key.Name()))),
            "{job}", "Jobs in the registry, by state.");
        _ended = _meter.CreateCounter<long>("rag.finetune.jobs.ended", "{job}", "Runs that came to an end, by method and how.");
        _deaths = _meter.CreateCounter<long>("rag.finetune.worker.deaths", "{worker}", "Workers that ended before their job was done.");
        _loss = _meter.CreateHistogram<double>("rag.finetune.training.loss", "1", "Loss of training, where it was reported.");
        _tokensPerSecond = _meter.CreateHistogram<double>("rag.finetune.training.rate", "{token}/s", "Tokens that a training reads in a second.");
    }

    public static ActivitySource Source { get; } = new(Name);

    public static Activity? StartRun(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Source.StartActivity("finetune run")?.SetTag("rag.job.id", job.Id).SetTag("rag.job.method", job.Spec.Method.Name()).SetTag("rag.job.attempt", job.Attempts);
    }

    public void CountEnd(TrainingMethod method, string end) =>
        _ended.Add(1, new KeyValuePair<string, object?>("method", method.Name()), new KeyValuePair<string, object?>("end", end));

    public void CountDeath() => _deaths.Add(1);

    public void RecordProgress(TrainingMethod method, JobProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var tag = new KeyValuePair<string, object?>("method", method.Name());
        if (progress.Step > 0 && double.IsFinite(progress.Loss))
        {
            _loss.Record(progress.Loss, tag);
        }

        if (progress.TokensPerSecond > 0)
        {
            _tokensPerSecond.Record(progress.TokensPerSecond, tag);
        }
    }

    public void Dispose() => _meter.Dispose();
}
