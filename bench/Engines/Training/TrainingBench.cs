using System.Globalization;
using System.Runtime.InteropServices;

namespace RagPlatform.Bench.Engines.Training;

/// <summary>Our encoder's training beside PyTorch's, a few steps of one, then of the other; medians.</summary>
internal sealed class TrainingBench(string model, int rounds, int threads, string? libraries, TextWriter output)
{
    private const int Steps = 3;

    private static readonly TrainingCase[] Cases =
    [
        new("full", 0, 0, 32, 64), new("lora", 0, 8, 32, 64), new("full", 0.1f, 0, 32, 64), new("lora", 0.1f, 8, 32, 64),
        new("inference", 0, 8, 32, 64), new("full", 0.1f, 0, 32, 16), new("lora", 0.1f, 8, 32, 16),
    ];

    public void Run()
    {
        using var peer = new PyTorchPeer(threads, libraries);
        var own = new OwnTraining(model, threads);
        Write($"""
            # Training the encoder beside PyTorch

            all-MiniLM-L6-v2's shape, fp32, {threads} thread{(threads == 1 ? "" : "s")}. A step is forward, backward, AdamW and clearing the gradients; on both sides random
            tokens and a given gradient of the last hidden states. PyTorch is Debian's 1.13 with an OpenMP OpenBLAS and OPENBLAS_CORETYPE=SKYLAKEX,
            queries, keys and values in one product as ours, without padding to mask. They take turns, {Steps} steps each; medians of {rounds} rounds.
            Beside the clock stands the processor's time, which says more of one thread where other work shares the machine; of several it counts waiting too.
            {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores.

            | trained | dropout | batch | ours, tokens/s | PyTorch, tokens/s | ratio | ours, tokens per processor second | PyTorch | ratio |
            |---|---|---|---|---|---|---|---|---|
            """);
        foreach (var training in Cases)
        {
            var turns = Enumerable.Range(0, rounds + 1).Select(_ => (Own: own.Time(training, Steps), Peer: peer.Time(training, Steps))).Skip(1).ToArray();
            var (ours, theirs) = (Median(turns.Select(turn => turn.Own.Seconds)), Median(turns.Select(turn => turn.Peer.Seconds)));
            var (work, theirWork) = (Median(turns.Select(turn => turn.Own.ProcessorSeconds)), Median(turns.Select(turn => turn.Peer.ProcessorSeconds)));
            var tokens = (double)Steps * training.Batch * training.Tokens;
            Write($"| {training.Name} | {training.Dropout} | {training.Batch} × {training.Tokens} | {tokens / ours:#,0} | {tokens / theirs:#,0} | {theirs / ours:0.00} | {tokens / work:#,0} | {tokens / theirWork:#,0} | {theirWork / work:0.00} |");
        }
        new ServingLatency(model, threads, output).Run();
    }

    private double Median(IEnumerable<double> seconds) => seconds.Order().ElementAt(rounds / 2);

    private void Write(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
