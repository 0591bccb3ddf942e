using System.Text.Json;
using RagPlatform.Transformers.Tests.Reference;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Training;

/// <summary>The tiny encoders' loss, every gradient and 20 steps of AdamW beside PyTorch's; Reference/encoder_gradients.py made the values.</summary>
public sealed class EncoderTrainingParityTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static TheoryData<string, bool> Models => new() { { "bert", true }, { "bert", false }, { "xlm-roberta", true }, { "xlm-roberta", false } };

    [Theory]
    [MemberData(nameof(Models))]
    public void Backward_WholeModel_GivesPyTorchsLossAndEveryGradient(string name, bool full)
    {
        var (encoder, expected, tensors) = Load(name, full);
        using (tensors)
        {
            var loss = Learn(encoder, expected, tensors);
            loss.ShouldBe((full ? expected.FullLosses : expected.LoraLosses)[0], 1e-5);
            foreach (var parameter in encoder.Parameters)
            {
                var gradient = tensors.Read("gradient." + parameter.Name).Values;
                var size = gradient.Max(Math.Abs);
                parameter.Gradient.ShouldBe(gradient, (2e-4 * size) + 1e-7, parameter.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Train_20StepsOfAdamW_HaveThePyTorchsLosses(string name, bool full)
    {
        var (encoder, expected, tensors) = Load(name, full);
        using (tensors)
        {
            var optimizer = new AdamW(encoder.Parameters, new AdamWSettings(WeightDecay: expected.Decay), threads: 2);
            foreach (var wanted in full ? expected.FullLosses : expected.LoraLosses)
            {
                Learn(encoder, expected, tensors).ShouldBe(wanted, 1e-4 * wanted);
                optimizer.Step(expected.Rate);
                foreach (var parameter in encoder.Parameters)
                {
                    parameter.ClearGradient();
                }
            }
        }
    }

    /// <summary>Adds the gradient of the mean of (hidden - target)^2, and returns that.</summary>
    private static double Learn(TrainableEncoder encoder, ExpectedTraining expected, SafetensorsFile tensors)
    {
        var target = tensors.Read("target").Values;
        EncodedPair[] texts = [.. expected.Texts.Select(text => new EncodedPair(text.Ids, text.SecondStart, 0, 0))];
        using var activations = encoder.Forward(texts, null, threads: 2, CancellationToken.None);
        var gradient = new float[target.Length];
        var loss = 0.0;
        for (var i = 0; i < target.Length; i++)
        {
            var difference = activations.Hidden[i] - target[i];
            gradient[i] = 2 * difference / target.Length;
            loss += (double)difference * difference / target.Length;
        }
        encoder.Backward(activations, gradient, threads: 2, CancellationToken.None);
        return loss;
    }

    private static (TrainableEncoder Encoder, ExpectedTraining Expected, SafetensorsFile Tensors) Load(string name, bool full)
    {
        var files = new ReferenceModel(name + "-training");
        using var json = files.Open("expected.json");
        var expected = JsonSerializer.Deserialize<ExpectedTraining>(json, Web)!;
        var tensors = SafetensorsFile.Open(files.Open("expected.safetensors"), "expected.safetensors");
        var tuning = full ? EncoderTuning.Full(0) : EncoderTuning.LowRank(new EncoderLora(expected.Rank, expected.Alpha, 0, EncoderLora.AllTargets, 1), 0);
        var encoder = TrainableEncoder.Load(new ReferenceModel(name + "-encoder"), "", tuning);
        foreach (var parameter in encoder.Parameters.Where(_ => !full))
        {
            tensors.Read("start." + parameter.Name).Values.CopyTo(parameter.Values, 0);
        }
        return (encoder, expected, tensors);
    }

    private sealed record ExpectedTraining(
        int Rank, float Alpha, double Rate, double Decay, ExpectedText[] Texts, double[] FullLosses, double[] LoraLosses);

    private sealed record ExpectedText(int[] Ids, int SecondStart);
}
