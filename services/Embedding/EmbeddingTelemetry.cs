using System.Diagnostics;
using System.Diagnostics.Metrics;
using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers;

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
    private static readonly UpDownCounter<int> QueueTokens = Meter.CreateUpDownCounter<int>("rag.embedding.queue.tokens", "{token}", "Tokens waiting for the model");
    private static readonly Histogram<double> Wait = Meter.CreateHistogram<double>("rag.embedding.queue.wait", "s", "Time until a slice took a job's next texts");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("rag.embedding.refusals", "{request}", "Requests refused because too much was waiting");
    private static readonly Histogram<int> BatchTokens = Meter.CreateHistogram<int>("rag.embedding.batch.tokens", "{token}", "Tokens computed at once", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192] });
    private static readonly Histogram<double> BatchFill = Meter.CreateHistogram<double>("rag.embedding.batch.fill", "1", "Part of a slice's room that was used", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 0.75, 0.9, 1] });
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("rag.embedding.duration", "s", "Time from request to vectors, waiting included");
    private static readonly Counter<long> CachedTexts = Meter.CreateCounter<long>("rag.embedding.texts.cached", "{text}", "Passages whose vector was remembered");
    private static readonly UpDownCounter<long> CacheBytes = Meter.CreateUpDownCounter<long>("rag.embedding.cache.size", "By", "Remembered vectors on disk");

    public static Activity? StartEmbed(IEmbeddingModel model, JobPriority priority, int texts)
    {
        var span = Source.StartActivity("embed");
        span?.SetTag("gen_ai.operation.name", "embeddings");
        span?.SetTag("gen_ai.provider.name", model.Provider);
        span?.SetTag("gen_ai.request.model", model.Id);
        span?.SetTag("gen_ai.embeddings.dimension.count", model.Dimension);
        span?.SetTag("rag.embedding.kind", KindName(priority));
        span?.SetTag("rag.embedding.texts", texts);
        return span;
    }

    public static void Embedded(Activity? span, IEmbeddingModel model, JobPriority priority, EmbedResult result)
    {
        span?.SetTag("gen_ai.usage.input_tokens", result.Tokens);
        span?.SetTag("rag.embedding.texts.cached", result.CachedTexts);
        span?.SetTag("rag.embedding.queue_ms", result.QueueMilliseconds);
        span?.SetTag("rag.embedding.model_ms", result.ModelMilliseconds);
        var tags = new TagList { { "gen_ai.request.model", model.Id }, { "rag.embedding.kind", KindName(priority) } };
        Texts.Add(result.Embeddings.Count, tags);
        CachedTexts.Add(result.CachedTexts, tags);
        Tokens.Add(result.Tokens, tags);
        Duration.Record((result.QueueMilliseconds + result.ModelMilliseconds) / 1000, tags);
    }

    public static Activity? StartRerank(string model, int passages)
    {
        var span = Source.StartActivity("rerank");
        span?.SetTag("gen_ai.operation.name", "rerank");
        span?.SetTag("gen_ai.provider.name", "ragplatform");
        span?.SetTag("gen_ai.request.model", model);
        span?.SetTag("rag.embedding.texts", passages);
        return span;
    }

    public static void Reranked(Activity? span, string model, JobResult<PairScore> result)
    {
        var tokens = result.Outputs.Sum(score => (long)score.Tokens);
        span?.SetTag("gen_ai.usage.input_tokens", tokens);
        span?.SetTag("rag.embedding.queue_ms", result.QueueMilliseconds);
        span?.SetTag("rag.embedding.model_ms", result.ModelMilliseconds);
        var tags = new TagList { { "gen_ai.request.model", model }, { "rag.embedding.kind", "pair" } };
        Texts.Add(result.Outputs.Length, tags);
        Tokens.Add(tokens, tags);
        Duration.Record((result.QueueMilliseconds + result.ModelMilliseconds) / 1000, tags);
    }

    public static void QueueChanged(string model, int texts, int tokens)
    {
        QueueDepth.Add(texts, Model(model));
        QueueTokens.Add(tokens, Model(model));
    }

    public static void Waited(string model, JobPriority priority, TimeSpan time) =>
        Wait.Record(time.TotalSeconds, Model(model), new KeyValuePair<string, object?>("rag.embedding.kind", KindName(priority)));

    public static void Refused(string model, JobPriority priority) =>
        Refusals.Add(1, Model(model), new KeyValuePair<string, object?>("rag.embedding.kind", KindName(priority)));

    /// <param name="model">Whose slice it was.</param>
    /// <param name="tokens">In the slice.</param>
    /// <param name="limit">Tokens that a slice may have.</param>
    public static void Taken(string model, int tokens, int limit)
    {
        BatchTokens.Record(tokens, Model(model));
        BatchFill.Record(Math.Min(1, (double)tokens / limit), Model(model));
    }

    public static void CacheChanged(long bytes) => CacheBytes.Add(bytes);

    private static KeyValuePair<string, object?> Model(string id) => new("gen_ai.request.model", id);

    private static string KindName(JobPriority priority) => priority == JobPriority.Query ? "query" : "passage";
}
