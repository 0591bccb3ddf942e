using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using RagPlatform.Generation.Tests.Hosting;

namespace RagPlatform.Generation.Tests.Answer;

public sealed class TelemetryTests
{
    private const string SourceName = "RagPlatform.Generation";

    [Fact]
    public async Task Answer_ByQuotes_IsTracedByItsParts()
    {
        var spans = await TraceAsync(new Library().Add("a.md", "The tests run with one command."), "How do the tests run?", "extractive");

        spans.Select(span => span.OperationName).ShouldBe(["retrieve", "select sentences", "verify citations"]);
    }

    [Fact]
    public async Task Answer_ByAModel_IsTracedWithItsTokens()
    {
        await using var endpoint = await FakeChatEndpoint.SayingAsync("They do. [1: \"The tests run\"]");

        var spans = await TraceAsync(new Library().Add("a.md", "The tests run with one command."), "How do the tests run?", "openai/test", endpoint.Settings);

        spans.Select(span => span.OperationName).ShouldBe(["retrieve", "verify citations", "chat test"]);
        spans[^1].GetTagItem("gen_ai.usage.input_tokens").ShouldBe(120L);
        spans[^1].GetTagItem("gen_ai.usage.output_tokens").ShouldBe(17L);
        spans[^1].GetTagItem("gen_ai.request.model").ShouldBe("test");
        spans[^1].Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task Answer_Abstained_IsCountedByReasonAndOutcome()
    {
        var measured = new ConcurrentQueue<(string Instrument, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == SourceName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measured.Enqueue((instrument.Name, Show(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue((instrument.Name, Show(tags))));
        listener.Start();
        await using var host = await GenerationHost.StartAsync(new Library());

        await host.AskAsync("Where is everything?");

        measured.ShouldContain(("rag.generation.abstentions", "rag.reason=NothingFound"));
        measured.ShouldContain(("rag.generation.answers", "rag.model=extractive rag.outcome=abstained"));
        measured.ShouldContain(("rag.generation.duration", "rag.model=extractive rag.outcome=abstained"));
    }

    /// <summary>The spans of this one question, in the order in which they began.</summary>
    private static async Task<Activity[]> TraceAsync(Library library, string question, string model, params (string Key, string Value)[] settings)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            // The server's own span carries the trace across the call.
            ShouldListenTo = source => source.Name is SourceName or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await GenerationHost.StartAsync(library, settings);
        using var root = new Activity("test").Start();

        await host.AskAsync(question, model);

        return [.. spans.Where(span => span.TraceId == root.TraceId && span.Source.Name == SourceName).OrderBy(span => span.StartTimeUtc)];
    }

    private static string Show(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
}
