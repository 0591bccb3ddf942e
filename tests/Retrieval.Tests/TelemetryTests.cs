using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Retrieval.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task SwitchAndSearch_LeaveTheirSpansAndMeasurements()
    {
        using var root = new Activity("test").Start();
        var spans = new ConcurrentQueue<Activity>();
        using var spanListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is RetrievalTelemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(spanListener);
        var measured = new ConcurrentQueue<string>();
        using var meterListener = new MeterListener();
        meterListener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RetrievalTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meterListener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue($"{instrument.Name} {tags[0].Value}"));
        meterListener.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured.Enqueue($"{instrument.Name} {value}"));
        meterListener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.Enqueue($"{instrument.Name} {(value > 0 ? "some" : "none")}"));
        meterListener.Start();
        await using var host = await RetrievalHost.StartAsync();

        await host.IndexAsync(Batches.Version(Batches.Document(), 1, batches: 1, chunksPerBatch: 3));
        await host.Client.SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "common" });
        meterListener.RecordObservableInstruments();

        var ours = spans.Where(span => span.TraceId == root.TraceId && span.Source.Name == RetrievalTelemetry.Name).ToList();
        ours.Select(span => span.DisplayName).Order(StringComparer.Ordinal).ShouldBe(["filter", "fuse", "search lexical", "search vectors", "switch version"]);
        ours.ShouldAllBe(span => span.Duration >= TimeSpan.Zero && span.Duration < TimeSpan.FromSeconds(30));
        foreach (var expected in new[]
        {
            "rag.retrieval.search.duration embed", "rag.retrieval.search.duration lexical", "rag.retrieval.search.duration vectors",
            "rag.retrieval.search.duration fusion", "rag.retrieval.search.duration filter", "rag.retrieval.chunks 3", "rag.retrieval.documents 1", "rag.retrieval.missing_documents 0",
            "rag.retrieval.segments 1", "rag.retrieval.disk_bytes some",
        })
        {
            measured.ShouldContain(expected);
        }
    }
}
