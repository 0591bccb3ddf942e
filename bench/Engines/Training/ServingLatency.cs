using System.Diagnostics;
using System.Globalization;
using RagPlatform.Bench.Engines.Encoders;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.Bench.Engines.Training;

/// <summary>How long one text takes through an encoder that serves, alone and with an adapter of rank 16 on every linear layer.</summary>
internal sealed class ServingLatency(string model, int threads, TextWriter output)
{
    private const int Rank = 16;
    private const int WarmUp = 50;
    private const int Calls = 300;

    public void Run()
    {
        var files = new ModelFolder(model);
        var encoder = TokenEncoder.Load(files);
        var adapter = NewAdapter(files, encoder);
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"One text at a time, {Calls} calls, milliseconds on the clock: all hidden states, without tokenising and heads."));
        output.WriteLine();
        output.WriteLine("| tokens | base, p50 | base, p95 | LoRA r16, p50 | LoRA r16, p95 |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var tokens in new[] { 16, 32, 64, 128 })
        {
            var (bare, adapted) = (Milliseconds(encoder, null, tokens), Milliseconds(encoder, adapter, tokens));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {tokens} | {bare[Calls / 2]:0.00} | {bare[Calls * 95 / 100]:0.00} | {adapted[Calls / 2]:0.00} | {adapted[Calls * 95 / 100]:0.00} |"));
        }
    }

    private double[] Milliseconds(TokenEncoder encoder, EncoderAdapter? adapter, int tokens)
    {
        var random = new Random(tokens);
        EncodedText[] text = [new([.. Enumerable.Range(0, tokens).Select(_ => random.Next(encoder.Tokenizer.VocabularySize))], 0)];
        var times = new double[Calls];
        for (var call = -WarmUp; call < Calls; call++)
        {
            var begin = Stopwatch.GetTimestamp();
            encoder.Run(text, adapter, (_, hidden) => hidden[0], threads, CancellationToken.None);
            if (call >= 0)
            {
                times[call] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            }
        }
        Array.Sort(times);
        return times;
    }

    private static EncoderAdapter NewAdapter(ModelFolder files, TokenEncoder encoder)
    {
        var folder = Directory.CreateTempSubdirectory("rag-adapter-").FullName;
        var tuning = EncoderTuning.LowRank(new EncoderLora(Rank, 2 * Rank, 0, EncoderLora.AllTargets, 1), 0);
        TrainableEncoder.Load(files, "", tuning).SaveAdapter(name => File.Create(Path.Combine(folder, name)));
        var adapter = encoder.LoadAdapter(new ModelFolder(folder));
        Directory.Delete(folder, recursive: true);
        return adapter;
    }
}
