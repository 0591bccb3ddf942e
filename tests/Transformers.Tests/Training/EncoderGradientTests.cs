using RagPlatform.Tokenization;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.Transformers.Tests.Training;

public sealed class EncoderGradientTests
{
    private static readonly EncoderLora AllLow = new(3, 6, 0, EncoderLora.AllTargets, 7);

    public static TheoryData<string> Tunings => ["full", "full with dropout", "LoRA", "LoRA with dropout", "LoRA of values and output"];

    /// <summary>The derivative along a direction, from the loss itself a little to both sides, is the gradient's product with the direction.</summary>
    [Theory]
    [MemberData(nameof(Tunings))]
    public void Backward_EveryParameter_EqualsTheLossesDifferences(string name)
    {
        var encoder = Load(Tuning(name));
        Disturb(encoder);
        var texts = Texts();
        var weights = Numbers(5, texts.Sum(text => text.Ids.Length) * encoder.HiddenSize);
        Backward(encoder, texts, weights, threads: 2);
        foreach (var parameter in encoder.Parameters)
        {
            var direction = Numbers(6, parameter.Values.Length);
            var expected = parameter.Gradient.Zip(direction).Sum(pair => (double)pair.First * pair.Second);
            var size = Math.Sqrt(parameter.Gradient.Sum(value => (double)value * value) * direction.Sum(value => (double)value * value));
            var best = Steps.Min(step => Math.Abs(Difference(encoder, texts, weights, parameter, direction, step) - expected));
            best.ShouldBeLessThan(0.02 * size + 1e-3, parameter.Name);
        }
    }

    [Fact]
    public void Backward_AnyNumberOfThreads_GivesTheSameBits()
    {
        foreach (var name in new[] { "full with dropout", "LoRA with dropout" })
        {
            var gradients = new List<float[][]>();
            foreach (var threads in new[] { 1, 2, 3 })
            {
                var encoder = Load(Tuning(name));
                Disturb(encoder);
                var texts = Enumerable.Range(0, 40).SelectMany(_ => Texts()).ToArray();
                Backward(encoder, texts, Numbers(5, texts.Sum(text => text.Ids.Length) * encoder.HiddenSize), threads);
                gradients.Add([.. encoder.Parameters.Select(parameter => parameter.Gradient)]);
            }
            for (var i = 0; i < gradients[0].Length; i++)
            {
                gradients[1][i].ShouldBe(gradients[0][i]);
                gradients[2][i].ShouldBe(gradients[0][i]);
            }
        }
    }

    private static readonly double[] Steps = [3e-4, 1e-3, 3e-3];

    private static double Difference(TrainableEncoder encoder, EncodedText[] texts, float[] weights, Parameter parameter, float[] direction, double step)
    {
        var values = (float[])parameter.Values.Clone();
        var (above, below) = (LossAt(step), LossAt(-step));
        values.CopyTo(parameter.Values, 0);
        return (above - below) / (2 * step);

        double LossAt(double by)
        {
            for (var i = 0; i < values.Length; i++)
            {
                parameter.Values[i] = (float)(values[i] + (by * direction[i]));
            }
            using var activations = encoder.Forward(texts, 11, threads: 1, CancellationToken.None);
            return Loss(activations.Hidden, weights);
        }
    }

    private static void Backward(TrainableEncoder encoder, EncodedText[] texts, float[] weights, int threads)
    {
        using var activations = encoder.Forward(texts, 11, threads, CancellationToken.None);
        encoder.Backward(activations, weights, threads, CancellationToken.None);
    }

    private static double Loss(ReadOnlySpan<float> hidden, float[] weights)
    {
        var loss = 0.0;
        for (var i = 0; i < hidden.Length; i++)
        {
            loss += (double)hidden[i] * weights[i];
        }
        return loss;
    }

    /// <summary>B begins at 0, where A's gradient is 0: moved away from there.</summary>
    private static void Disturb(TrainableEncoder encoder)
    {
        foreach (var parameter in encoder.Parameters.Where(parameter => parameter.Name.EndsWith("lora_B.weight", StringComparison.Ordinal)))
        {
            Numbers(8, parameter.Values.Length).CopyTo(parameter.Values, 0);
        }
    }

    private static TrainableEncoder Load(EncoderTuning tuning) => TrainableEncoder.Load(new TinyBert().HuggingFaceFiles(), "", tuning);

    private static EncoderTuning Tuning(string name) => name switch
    {
        "full" => EncoderTuning.Full(0),
        "full with dropout" => EncoderTuning.Full(0.2f),
        "LoRA" => EncoderTuning.LowRank(AllLow, 0),
        "LoRA with dropout" => EncoderTuning.LowRank(AllLow with { Dropout = 0.3f }, 0.2f),
        _ => EncoderTuning.LowRank(AllLow with { Targets = [EncoderTarget.Value, EncoderTarget.Output] }, 0),
    };

    private static EncodedText[] Texts() => [New(2, 5, 9, 9, 3), New(2, 30, 31, 32, 33, 34, 7, 8, 3), New(2, 3), New(2, 5, 3)];

    private static EncodedText New(params int[] ids) => new(ids, 0);

    private static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
