using System.Text.Json;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Tests.Reference;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.Transformers.Tests.Training;

public sealed class EncoderStepsTests
{
    private const int Classes = 3;
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public void TwentyAdamWSteps_OfAllWeights_EqualPyTorchsLosses()
    {
        var files = new ReferenceModel("bert-encoder");
        using var stream = files.Open("training.json");
        var expected = JsonSerializer.Deserialize<Run>(stream, Web)!;
        var encoder = TrainableEncoder.Load(files, "", EncoderTuning.Full(dropout: 0));
        // PyTorch's word embeddings were trained densely; ours are sparse.
        encoder.Parameters.Count(parameter => parameter.IsSparse).ShouldBe(1);
        var optimizer = new AdamW(encoder.Parameters, new AdamWSettings(WeightDecay: expected.Decay), threads: 2);
        for (var step = 0; step < expected.Losses.Length; step++)
        {
            foreach (var parameter in encoder.Parameters)
            {
                parameter.ClearGradient();
            }

            int[] chosen = [step % 5, ((3 * step) + 1) % 5];
            Accumulate(encoder, [.. chosen.Select(text => new EncodedText(expected.Texts[text], 0))], [.. chosen.Select(text => text % Classes)])
                .ShouldBe(expected.Losses[step], 1e-4 * expected.Losses[step], $"step {step + 1}");
            optimizer.Step(expected.Rate);
        }

        expected.Losses[^1].ShouldBeLessThan(expected.Losses[0] / 2);
    }

    /// <summary>The cross-entropy of the texts' mean states under a fixed matrix; its gradient is added to the encoder's.</summary>
    private static double Accumulate(TrainableEncoder encoder, EncodedText[] texts, int[] labels)
    {
        var width = encoder.HiddenSize;
        using var activations = encoder.Forward(texts, dropoutSeed: null, threads: 2, CancellationToken.None);
        var gradient = new float[activations.Tokens * width];
        var loss = 0.0;
        for (var text = 0; text < texts.Length; text++)
        {
            var (hidden, tokens) = (activations.HiddenOf(text).ToArray(), texts[text].Ids.Length);
            var logits = Enumerable.Range(0, Classes)
                .Select(label => Enumerable.Range(0, width).Sum(i => Head(width, label, i) * Enumerable.Range(0, tokens).Average(token => (double)hidden[(token * width) + i])))
                .ToArray();
            var mass = logits.Sum(Math.Exp);
            loss += (Math.Log(mass) - logits[labels[text]]) / texts.Length;
            for (var i = 0; i < width; i++)
            {
                var slope = Enumerable.Range(0, Classes).Sum(label => ((Math.Exp(logits[label]) / mass) - (label == labels[text] ? 1 : 0)) * Head(width, label, i));
                for (var token = activations.Starts[text]; token < activations.Starts[text] + tokens; token++)
                {
                    gradient[(token * width) + i] = (float)(slope / tokens / texts.Length);
                }
            }
        }

        encoder.Backward(activations, gradient, threads: 2, CancellationToken.None);
        return loss;
    }

    private static double Head(int width, int label, int i) => Math.Sin(1 + (label * width) + i);

    private sealed record Run(int[][] Texts, double Rate, double Decay, double[] Losses);
}
