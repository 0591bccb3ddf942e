using RagPlatform.Tokenization;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.Transformers.Tests.Training;

public sealed class EncoderGradientTests
{
    public static TheoryData<string> Tunings => ["full", "full with dropout", "LoRA", "LoRA with dropout", "LoRA of values and output"];

    /// <summary>
    /// The derivative along a direction, from the loss itself a little to both sides, is the gradient's product with the direction:
    /// along the gradient, where it is steepest and errors of its size show, and along a random one, where errors of its direction do.
    /// </summary>
    [Theory]
    [MemberData(nameof(Tunings))]
    public void Backward_EveryParameter_EqualsTheLossesDifferences(string name)
    {
        var encoder = TinyTraining.Load(Tuning(name));
        var texts = TinyTraining.Texts;
        var weights = TinyTraining.Numbers(5, texts.Sum(text => text.Ids.Length) * encoder.HiddenSize);
        Backward(encoder, texts, weights, threads: 2);
        foreach (var parameter in encoder.Parameters)
        {
            var gradient = UnitLength(parameter.Gradient);
            Check(encoder, texts, weights, parameter, gradient, share: 0.005);
            Check(encoder, texts, weights, parameter, UnitLength([.. gradient.Zip(UnitLength(TinyTraining.Numbers(6, gradient.Length)), (g, r) => g + r)]), share: 0.01);
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
                var encoder = TinyTraining.Load(Tuning(name));
                var texts = Enumerable.Range(0, 40).SelectMany(_ => TinyTraining.Texts).ToArray();
                Backward(encoder, texts, TinyTraining.Numbers(5, texts.Sum(text => text.Ids.Length) * encoder.HiddenSize), threads);
                gradients.Add([.. encoder.Parameters.Select(parameter => parameter.Gradient)]);
            }
            for (var i = 0; i < gradients[0].Length; i++)
            {
                gradients[1][i].ShouldBe(gradients[0][i]);
                gradients[2][i].ShouldBe(gradients[0][i]);
            }
        }
    }

    private static readonly double[] Steps = [3e-3, 1e-2, 3e-2];

    /// <param name="encoder">With gradients.</param>
    /// <param name="texts">Of the loss.</param>
    /// <param name="weights">Of the loss.</param>
    /// <param name="parameter">That is moved.</param>
    /// <param name="direction">Of length 1.</param>
    /// <param name="share">Of the gradient's length that may be wrong: fp32 forward passes differ in their last bits.</param>
    private static void Check(TrainableEncoder encoder, EncodedText[] texts, float[] weights, Parameter parameter, float[] direction, double share)
    {
        var expected = parameter.Gradient.Zip(direction).Sum(pair => (double)pair.First * pair.Second);
        var length = Math.Sqrt(parameter.Gradient.Sum(value => (double)value * value));
        var error = Steps.Min(step => Math.Abs(Difference(encoder, texts, weights, parameter, direction, step) - expected));
        error.ShouldBeLessThan((share * length) + 2e-3, parameter.Name);
    }

    private static float[] UnitLength(float[] values)
    {
        var length = Math.Sqrt(values.Sum(value => (double)value * value));
        return [.. values.Select(value => (float)(value / Math.Max(length, 1e-30)))];
    }

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

    private static EncoderTuning Tuning(string name) => name switch
    {
        "full" => EncoderTuning.Full(0),
        "full with dropout" => EncoderTuning.Full(0.2f),
        "LoRA" => EncoderTuning.LowRank(TinyTraining.AllLow, 0),
        "LoRA with dropout" => EncoderTuning.LowRank(TinyTraining.AllLow with { Dropout = 0.3f }, 0.2f),
        _ => EncoderTuning.LowRank(TinyTraining.AllLow with { Targets = [EncoderTarget.Value, EncoderTarget.Output] }, 0),
    };
}
