using System.Diagnostics;
using System.Diagnostics.Metrics;
using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding;

/// <summary>Names after OpenTelemetry's semantic conventions for generative AI where they have one.</summary>
internal static class EmbeddingTelemetry
{
    public const string Name = "RagPlatform.Embedding";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Texts = Meter.CreateCounter<long>("rag.embedding.texts", "{text}", "Texts embedded");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("rag.embedding.tokens", "{token}", "Tokens read by models");
    private static readonly UpDownCounter<int> QueueDepth = Meter.CreateUpDownCounter<int>("rag.embedding.queue.depth", "{text}", "Texts waiting for the model");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("rag.embedding.duration", "s", "Time from request to vectors, waiting included");
    private static readonly Counter<long> CachedTexts = Meter.CreateCounter<long>("rag.embedding.texts.cached", "{text}", "Chunks whose vector was remembered");

    public static Activity? StartEmbed(LoadedModel model, EmbedPriority priority, int texts)
    {
        var span = Source.StartActivity("embed");
        span?.SetTag("gen_ai.operation.name", "embeddings");
        span?.SetTag("gen_ai.provider.name", "ragplatform");
        span?.SetTag("gen_ai.request.model", model.Id);
        span?.SetTag("gen_ai.embeddings.dimension.count", model.Dimension);
        span?.SetTag("rag.embedding.kind", KindName(priority));
        span?.SetTag("rag.embedding.texts", texts);
        return span;
    }

    public static void Embedded(Activity? span, LoadedModel model, EmbedPriority priority, EmbedResult result)
    {
        var tokens = result.Embeddings.Sum(embedding => (long)embedding.Tokens);
        span?.SetTag("gen_ai.usage.input_tokens", tokens);
        span?.SetTag("rag.embedding.queue_ms", result.QueueMilliseconds);
        span?.SetTag("rag.embedding.model_ms", result.ModelMilliseconds);
        var tags = new TagList { { "gen_ai.request.model", model.Id }, { "rag.embedding.kind", KindName(priority) } };
        Texts.Add(result.Embeddings.Length, tags);
        Tokens.Add(tokens, tags);
        Duration.Record((result.QueueMilliseconds + result.ModelMilliseconds) / 1000, tags);
    }

    public static void QueueChanged(int texts) => QueueDepth.Add(texts);

    public static void Remembered(string model, int texts) => CachedTexts.Add(texts, new KeyValuePair<string, object?>("gen_ai.request.model", model));

    private static string KindName(EmbedPriority priority) => priority == EmbedPriority.Query ? "query" : "passage";
}
