using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Decoder;

namespace RagPlatform.Bench.Engines.DecoderTraining;

/// <summary>LoRA steps beside plain PyTorch 1.13: the same weights, pairs, batch and optimizer, steps in turn, medians.</summary>
internal static class DecoderTrainingBench
{
    private const int Texts = 8;
    private const int Length = 128;
    private const double Rate = 1e-4;

    public static int Run(string python, int rounds, IReadOnlyList<int> threadCounts, string only, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            # Training a decoder beside PyTorch

            LoRA steps (rank 8, alpha 16, all linear layers, no dropout; forward, backward, AdamW) on {Texts} texts of {Length} random tokens, all of them
            wanted. Seeded random weights in fp32, the same weights, pairs and batch on both sides; PyTorch 1.13 of Debian with OpenMP OpenBLAS and
            OPENBLAS_CORETYPE=SKYLAKEX (LD_LIBRARY_PATH names it where the system's BLAS is another). Steps in turn, {rounds} of each after a first that
            is not counted, medians; the ratio is the median of the rounds' ratios. One thread is measured by
            processor time, so that other work on the machine counts little; two by the clock, on a machine that should be quiet. The losses are of every step. {Environment.ProcessorCount} cores.

            `dotnet run -c Release --project bench/Engines -- decoder-training /usr/bin/python3 {rounds} {string.Join(',', threadCounts)} > bench/results/decoder-training.md`

            | shape | threads | tokens/s | PyTorch | ratio | lowest and highest ratio | largest difference of a step's loss |
            |---|---|---|---|---|---|---|
            """));
        foreach (var shape in TrainingShape.All.Where(shape => shape.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            var folder = Directory.CreateTempSubdirectory("rag-bench-training-").FullName;
            try
            {
                foreach (var threads in threadCounts)
                {
                    Measure(shape, folder, python, rounds, threads, output);
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        return 0;
    }

    private static void Measure(TrainingShape shape, string folder, string python, int rounds, int threads, TextWriter output)
    {
        shape.Write(folder);
        using var decoder = TrainableDecoder.Load(new Folder(folder), new DecoderTuning { Rank = 8, Alpha = 16 }, seed: 1, threads);
        LoraWriter.Write(decoder, shape.Name, name => File.Create(Path.Combine(folder, name)));
        var random = new Random(7);
        var texts = Enumerable.Range(0, Texts).Select(_ => Enumerable.Range(0, Length).Select(_ => random.Next(shape.Vocabulary)).ToArray()).ToArray();
        File.WriteAllText(Path.Combine(folder, "batch.json"), JsonSerializer.Serialize(new { ids = texts }));
        var pack = TokenPack.Of([.. texts.Select(ids => (ids, Enumerable.Repeat(true, Length).ToArray()))]);
        var optimizer = new AdamW(decoder.Parameters, new AdamWSettings(WeightDecay: 0), threads);
        using var peer = TorchPeer.Start(python, folder, threads, Rate);

        List<double> ours = [], theirs = [];
        var difference = 0.0;
        for (var round = 0; round <= rounds; round++)
        {
            var begin = Now(threads);
            foreach (var parameter in decoder.Parameters)
            {
                parameter.ClearGradient();
            }
            var loss = decoder.Accumulate([pack], 1, 0, null, CancellationToken.None).Mean;
            optimizer.Step(Rate);
            var seconds = (Now(threads) - begin).TotalSeconds;
            var (peerSeconds, peerLoss) = peer.Step();
            difference = Math.Max(difference, Math.Abs(loss - peerLoss) / peerLoss);
            if (round > 0)
            {
                ours.Add(Texts * Length / seconds);
                theirs.Add(Texts * Length / peerSeconds);
            }
        }
        var ratios = ours.Zip(theirs, (one, other) => one / other).Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {shape.Name} | {threads} | {Median(ours):0} | {Median(theirs):0} | {Median(ratios):0.00} | {ratios[0]:0.00} to {ratios[^1]:0.00} | {difference:0.0e+0} |"));
        output.Flush();
    }

    /// <summary>One thread is measured by the process's processor time, so that other work on the machine counts little; several by the clock.</summary>
    private static TimeSpan Now(int threads) => threads == 1 ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class Folder(string path) : IModelFiles
    {
        public bool Exists(string name) => File.Exists(Path.Combine(path, name));

        public Stream Open(string name) => File.OpenRead(Path.Combine(path, name));
    }
}
