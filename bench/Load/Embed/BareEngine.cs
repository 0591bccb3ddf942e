using System.Diagnostics;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Load.Embed;

/// <param name="TextsPerSecond">Embedded.</param>
/// <param name="TextsPerProcessorSecond">Of one core's time that this process was given: what others do on the machine hardly changes it.</param>
internal sealed record BareResult(double TextsPerSecond, double TextsPerProcessorSecond);

/// <summary>The engine alone, in this process: texts tokenised beforehand, computed in large batches on all cores. The most the service could give.</summary>
internal sealed class BareEngine
{
    private const int BatchTexts = 64;

    private readonly SentenceEncoder embedder;
    private readonly EncodedText[] inputs;
    private int next;

    public BareEngine(string model, string[] texts, WeightPrecision precision)
        : this(model, _ => texts, precision)
    {
    }

    /// <param name="model">The model's folder.</param>
    /// <param name="texts">Passages, made with the model's own tokenizer.</param>
    /// <param name="precision">Of the weights.</param>
    public BareEngine(string model, Func<SentenceEncoder, string[]> texts, WeightPrecision precision)
    {
        embedder = SentenceEncoder.Load(new Files(model), Path.GetFileName(Path.TrimEndingDirectorySeparator(model)), precision: precision);
        inputs = [.. texts(embedder).Select(text => embedder.Encode(text, TextKind.Passage))];
    }

    public int Dimension => embedder.Dimension;

    public double MeanTokens => inputs.Average(input => input.Ids.Length);

    public BareResult Run(TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var processorTime = Environment.CpuUsage.TotalTime;
        var done = 0;
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            EncodedText[] batch = [.. Enumerable.Range(next, BatchTexts).Select(i => inputs[i % inputs.Length])];
            next += BatchTexts;
            embedder.Embed(batch, Environment.ProcessorCount, CancellationToken.None);
            done += BatchTexts;
        }

        return new BareResult(
            done / Stopwatch.GetElapsedTime(start).TotalSeconds, done / (Environment.CpuUsage.TotalTime - processorTime).TotalSeconds);
    }

    private sealed class Files(string folder) : IModelFiles
    {
        public bool Exists(string name) => File.Exists(Path.Combine(folder, name));

        public Stream Open(string name) => File.OpenRead(Path.Combine(folder, name));
    }
}
