using System.Diagnostics;
using RagPlatform.Bench.Engines.Encoders;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.Bench.Engines.Training;

/// <summary>Our side: the same step on the model's own weights, with random token ids.</summary>
internal sealed class OwnTraining(string model, int threads)
{
    private readonly Dictionary<(string Mode, float Dropout), (TrainableEncoder Encoder, AdamW Optimizer)> _trained = [];
    private readonly Random _random = new(1);

    public TrainingTime Time(TrainingCase training, int steps)
    {
        var (encoder, optimizer) = Find(training);
        var texts = Enumerable.Range(0, training.Batch).Select(_ => new EncodedText(Ids(training.Tokens, encoder), 0)).ToArray();
        var gradient = new float[training.Batch * training.Tokens * encoder.HiddenSize];
        foreach (ref var value in gradient.AsSpan())
        {
            value = (_random.NextSingle() - 0.5f) * 1e-3f;
        }
        var (begin, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (var step = 0; step < steps; step++)
        {
            if (training.Mode == "inference")
            {
                encoder.Infer(texts, (_, hidden) => hidden[0], threads, CancellationToken.None);
                continue;
            }
            using (var activations = encoder.Forward(texts, (ulong)step, threads, CancellationToken.None))
            {
                encoder.Backward(activations, gradient, threads, CancellationToken.None);
            }
            optimizer.Step(1e-5);
            foreach (var parameter in encoder.Parameters)
            {
                parameter.ClearGradient();
            }
        }
        return new TrainingTime(Stopwatch.GetElapsedTime(begin).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private (TrainableEncoder Encoder, AdamW Optimizer) Find(TrainingCase training)
    {
        var key = (training.Mode, training.Dropout);
        if (!_trained.TryGetValue(key, out var found))
        {
            var tuning = training.Mode == "full"
                ? EncoderTuning.Full(training.Dropout)
                : EncoderTuning.LowRank(new EncoderLora(training.Rank, 2 * training.Rank, training.Dropout, EncoderLora.AllTargets, 1), training.Dropout);
            var encoder = TrainableEncoder.Load(new ModelFolder(model), "", tuning);
            _trained[key] = found = (encoder, new AdamW(encoder.Parameters, new AdamWSettings(), threads));
        }
        return found;
    }

    private int[] Ids(int tokens, TrainableEncoder encoder) =>
        [.. Enumerable.Range(0, tokens).Select(_ => _random.Next(encoder.Tokenizer.VocabularySize))];
}
