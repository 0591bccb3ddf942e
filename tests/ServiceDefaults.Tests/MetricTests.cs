using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.ServiceDefaults.Tests;

public sealed class MetricTests
{
    [Fact]
    public async Task Durations_OfOurs_FallIntoBucketsOfTheirSize()
    {
        var buckets = new BucketLog();
        using var reader = new BaseExportingMetricReader(buckets);
        await using var host = await ProbeHost.StartAsync(() => new SearchResponse(), builder => builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddReader(reader)));
        var duration = host.Services.GetRequiredService<IMeterFactory>().Create("RagPlatform.Probe").CreateHistogram<double>("rag.probe.duration", "s");

        foreach (var seconds in new[] { 0.002, 0.02, 0.2, 2, 20 })
        {
            duration.Record(seconds);
        }

        reader.Collect().ShouldBeTrue();
        buckets.Filled["rag.probe.duration"].ShouldBe(5);
    }

    /// <summary>How many buckets of each histogram hold something.</summary>
    private sealed class BucketLog : BaseExporter<Metric>
    {
        public Dictionary<string, int> Filled { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                if (metric.MetricType is not MetricType.Histogram)
                {
                    continue;
                }

                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    var filled = 0;
                    foreach (var bucket in point.GetHistogramBuckets())
                    {
                        filled += bucket.BucketCount > 0 ? 1 : 0;
                    }

                    Filled[metric.Name] = filled;
                }
            }

            return ExportResult.Success;
        }
    }
}
