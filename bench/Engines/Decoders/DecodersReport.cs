using System.Globalization;
using RagPlatform.Numerics;

namespace RagPlatform.Bench.Engines.Decoders;

internal static class DecodersReport
{
    public static void WriteHead(TextWriter output, int prompt, int decodeFrom, int decoded, int rounds, IReadOnlyList<int> threads, bool bursts, string package) =>
        output.WriteLine(Invariant($"""
            # Decoder beside libllama

            SmolLM-135M's shape with seeded random weights (no real weights of a decoder this size can be had here; speed does not depend on them): hidden
            {RandomDecoder.Hidden}, intermediate {RandomDecoder.Wide}, {RandomDecoder.Layers} layers, {RandomDecoder.Heads} heads on {RandomDecoder.KeyHeads}, vocabulary {RandomDecoder.Vocabulary:N0}, tied. The same weights in the same precision on both sides, one
            process, rounds in turn ({rounds}), medians; the ratio is the median of the rounds' ratios. Prefill: a prompt of {prompt} tokens at once. Decode: {decoded} greedy tokens after {decodeFrom}.
            One thread is measured by processor time, so that other work on the machine counts little; two by the clock, {(bursts
                ? "in bursts of real-time priority with rests between, as the machine was busy"
                : "on a machine that should be quiet")}
            (threads that wait for each other by spinning, as libllama's do, all but stop when others want the cores).
            Ours keeps keys and values in fp32 and computes in fp32 always, libllama ({package}, its own choice of CPU
            code, default settings) keeps them in fp16. {Processor()}, {Environment.ProcessorCount} cores.

            ```
            dotnet run -c Release --project bench/Engines -- decoders {rounds} {string.Join(',', threads)}{(bursts ? " bursts" : "")} > bench/results/decoders.md
            ```

            | weights | threads | prefill, tokens/s | libllama | ratio | decode, tokens/s | libllama | ratio | greedy tokens equal | largest logit difference, of the largest logit |
            |---|---|---|---|---|---|---|---|---|---|
            """));

    public static void WriteRow(
        TextWriter output, ElementType type, int threads, List<Speeds> ours, List<Speeds> theirs, string agreement) =>
        output.WriteLine(Invariant($"| {type} | {threads} | {Cells(ours, theirs, speeds => speeds.Prefill, "0")} | {Cells(ours, theirs, speeds => speeds.Decode, "0.0")} | {agreement} |"));

    private static string Cells(List<Speeds> ours, List<Speeds> theirs, Func<Speeds, double> speed, string format)
    {
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        var ratio = Median(ours.Zip(theirs, (one, other) => speed(one) / speed(other)));
        return $"{Text(Median(ours.Select(speed)))} | {Text(Median(theirs.Select(speed)))} | {ratio.ToString("0.00", CultureInfo.InvariantCulture)}";
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }

    /// <summary>As Linux names it.</summary>
    private static string Processor() =>
        (File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null)
        is { } line ? line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..] : "Processor unknown";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
