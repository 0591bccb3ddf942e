using System.Globalization;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Load.Embed;

/// <summary>
/// The embedding service over gRPC, as a process of its own: under 1, 8 and 64 callers, a text a call, beside the bare engine,
/// in turns within one run; under ten times what its queue holds; and its memory over minutes of load.
/// </summary>
/// <param name="source">See <see cref="BenchTexts"/>.</param>
/// <param name="model">The model's folder.</param>
/// <param name="precision">Of the service and of the bare engine.</param>
internal sealed class EmbedBench(string source, string model, WeightPrecision precision)
{
    private const int Texts = 4096;
    private const int Rounds = 3;
    private const int BulkTexts = 32;
    private const int OverloadCapacity = 256;
    private const int OverloadFactor = 10;
    private const int MemoryCallers = 8;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OverloadTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromSeconds(5);

    private readonly string[] texts = BenchTexts.Read(source, Texts);

    /// <summary>Prints a table of throughput and latency beside the bare engine's.</summary>
    public async Task CompareAsync()
    {
        var bare = new BareEngine(model, texts, precision);
        Print($"{precision} precision, {texts.Length} texts of {bare.MeanTokens:0} tokens on average, {Environment.ProcessorCount} cores, callers on the same machine");
        using var service = new EmbeddingProcess(model, Settings());
        await service.WaitUntilReadyAsync();
        (int Callers, int TextsPerCall)[] loads = [(1, 1), (8, 1), (64, 1), (8, 8)];
        var results = loads.ToDictionary(load => load, _ => new List<Comparison>());
        bare.Run(Turn);
        await Callers.RunAsync(service.Client, texts, 64, 1, Turn);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var load in loads)
            {
                var before = bare.Run(Turn / 2);
                var processorTime = service.ProcessorTime;
                var measured = await Callers.RunAsync(service.Client, texts, load.Callers, load.TextsPerCall, Turn);
                processorTime = service.ProcessorTime - processorTime;
                var after = bare.Run(Turn / 2);
                results[load].Add(new Comparison(
                    measured,
                    measured.Milliseconds.Length * load.TextsPerCall / processorTime.TotalSeconds,
                    (before.TextsPerSecond + after.TextsPerSecond) / 2,
                    (before.TextsPerProcessorSecond + after.TextsPerProcessorSecond) / 2));
            }
        }

        Print(
            $"""

            | callers | texts a call | texts/s | bare engine | ratio | texts per core-second | bare engine | ratio | p50 ms | p99 ms |
            |---|---|---|---|---|---|---|---|---|---|
            """);
        foreach (var load in loads)
        {
            var median = results[load].OrderBy(round => round.Ratio).ElementAt(Rounds / 2);
            Print($"| {load.Callers} | {load.TextsPerCall} | {median.Service.TextsPerSecond:0.0} | {median.BareTextsPerSecond:0.0} | {median.Ratio:0.00} | {median.TextsPerProcessorSecond:0.0} | {median.BareTextsPerProcessorSecond:0.0} | {median.TextsPerProcessorSecond / median.BareTextsPerProcessorSecond:0.00} | {median.Service.At(0.5):0.0} | {median.Service.At(0.99):0.0} |");
        }

        Print($"\nThe middle of {Rounds} rounds by the first ratio; the bare engine is timed before and after each. Failures: {results.Values.SelectMany(rounds => rounds).Sum(round => round.Service.Failures)}.");
    }

    /// <summary>Prints what became of callers and memory.</summary>
    public async Task OverloadAsync()
    {
        using var service = new EmbeddingProcess(model, Settings(("QueueCapacityTexts", $"{OverloadCapacity}")));
        await service.WaitUntilReadyAsync();
        await Callers.RunAsync(service.Client, texts, 64, 1, Turn);
        var before = service.MemoryMegabytes;
        var most = before;
        using var end = new CancellationTokenSource();
        var watching = SampleAsync(service, TimeSpan.FromSeconds(1), megabytes => most = Math.Max(most, megabytes), end.Token);
        var result = await Callers.RunAsync(service.Client, texts, OverloadCapacity * OverloadFactor, 1, OverloadTime);
        await end.CancelAsync();
        await watching;
        Print(
            $"""

            Overload: {OverloadCapacity * OverloadFactor} callers against a queue of {OverloadCapacity} texts for {OverloadTime.TotalSeconds:0} s: {result.TextsPerSecond:0.0} texts/s,
            {result.Milliseconds.Length} calls answered (p50 {result.At(0.5):0} ms, p99 {result.At(0.99):0} ms), {result.Refusals} refused, {result.Failures} failed;
            memory {before:0} MiB before, {most:0} MiB at most.
            """);
    }

    /// <summary>Prints the resident set over so many minutes.</summary>
    public async Task WatchMemoryAsync(double minutes)
    {
        using var service = new EmbeddingProcess(model, Settings());
        await service.WaitUntilReadyAsync();
        var samples = new List<double>();
        using var end = new CancellationTokenSource();
        var watching = SampleAsync(service, MemoryInterval, samples.Add, end.Token);
        var result = await Callers.RunAsync(service.Client, texts, MemoryCallers, BulkTexts, TimeSpan.FromMinutes(minutes));
        await end.CancelAsync();
        await watching;
        var shown = samples.Chunk((samples.Count + 9) / 10).Select(part => part.Order().ElementAt(part.Length / 2).ToString("0", CultureInfo.InvariantCulture));
        Print(
            $"""

            Memory under {MemoryCallers} callers of {BulkTexts} texts for {minutes:0.#} minutes ({result.TextsPerSecond:0.0} texts/s, {result.Failures} failed), {precision} precision, a sample
            every {MemoryInterval.TotalSeconds:0} s: {samples[0]:0} MiB at first, {samples.Max():0} at most, {samples[^1]:0} at last; medians of the ten tenths: {string.Join(", ", shown)} MiB.
            """);
    }

    private Dictionary<string, string> Settings(params (string Name, string Value)[] more) =>
        more.Append(("Precision", $"{precision}")).ToDictionary(setting => setting.Item1, setting => setting.Item2);

    private static async Task SampleAsync(EmbeddingProcess service, TimeSpan interval, Action<double> sample, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            sample(service.MemoryMegabytes);
            await Task.Delay(interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Comparison(CallersResult Service, double TextsPerProcessorSecond, double BareTextsPerSecond, double BareTextsPerProcessorSecond)
    {
        public double Ratio => Service.TextsPerSecond / BareTextsPerSecond;
    }
}
