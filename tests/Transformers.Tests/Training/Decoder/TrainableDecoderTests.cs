using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Tests.Decoders;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Decoder;

namespace RagPlatform.Transformers.Tests.Training.Decoder;

public sealed class TrainableDecoderTests
{
    [Theory]
    [InlineData("llama-full")]
    [InlineData("llama-lora")]
    [InlineData("qwen2-full")]
    [InlineData("qwen2-lora")]
    [InlineData("qwen3-full")]
    [InlineData("qwen3-lora")]
    public void Accumulate_EqualsPyTorchsLossAndGradients(string name)
    {
        var reference = ReferenceTraining.Of(name);
        using var decoder = reference.Load();
        var loss = decoder.Accumulate([reference.Pack()], 1, reference.Smoothing, null, CancellationToken.None);
        loss.Mean.ShouldBe(reference.Loss, 1e-5 * reference.Loss);

        decoder.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal).ShouldBe(reference.Names.Order(StringComparer.Ordinal));
        var byName = decoder.Parameters.ToDictionary(parameter => parameter.Name);
        var at = 0;
        foreach (var parameter in reference.Names.Select(tensor => byName[tensor]))
        {
            var expected = reference.Gradients.AsSpan(at, parameter.Values.Length).ToArray();
            var tolerance = 2e-4f * expected.Max(Math.Abs) + 1e-7f;
            for (var i = 0; i < expected.Length; i++)
            {
                parameter.Gradient[i].ShouldBe(expected[i], tolerance, $"{parameter.Name} [{i}]");
            }
            at += expected.Length;
        }
        at.ShouldBe(reference.Gradients.Length);
    }

    [Theory]
    [InlineData("llama-full")]
    [InlineData("llama-lora")]
    [InlineData("qwen2-full")]
    [InlineData("qwen2-lora")]
    [InlineData("qwen3-full")]
    [InlineData("qwen3-lora")]
    public void TwentyAdamWSteps_EqualPyTorchsLosses(string name)
    {
        var reference = ReferenceTraining.Of(name);
        using var decoder = reference.Load();
        var optimizer = new AdamW(decoder.Parameters, new AdamWSettings(WeightDecay: 0.01), threads: 1);
        for (var step = 0; step < reference.Losses.Length; step++)
        {
            ClearGradients(decoder);
            var loss = decoder.Accumulate([reference.Pack()], 1, reference.Smoothing, null, CancellationToken.None);
            loss.Mean.ShouldBe(reference.Losses[step], 1e-4 * reference.Losses[step], $"step {step + 1}");
            optimizer.Step(reference.Rate);
        }
        reference.Losses[^1].ShouldBeLessThan(reference.Losses[0] - 0.1);
    }

    [Theory]
    [InlineData("llama-full")]
    [InlineData("qwen3-lora")]
    public void Accumulate_AnyThreads_GivesTheSameBits(string name)
    {
        var reference = ReferenceTraining.Of(name);
        var gradients = new List<float[]>();
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var decoder = reference.Load(threads, dropout: 0.25);
            decoder.Accumulate([reference.Pack(), reference.Pack()], 0.5, 0.1, dropoutSeed: 7, CancellationToken.None);
            gradients.Add([.. decoder.Parameters.SelectMany(parameter => parameter.Gradient)]);
        }
        gradients[1].ShouldBe(gradients[0]);
        gradients[2].ShouldBe(gradients[0]);
    }

    /// <summary>The loss in fp32 is too coarse for one parameter's difference, so the slope along the gradient itself is taken, tensor by tensor.</summary>
    [Theory]
    [InlineData("llama-full", 0)]
    [InlineData("qwen2-full", 0)]
    [InlineData("qwen3-full", 0)]
    [InlineData("qwen3-lora", 0)]
    [InlineData("llama-lora", 0.3)]
    public void Accumulate_EveryParameter_EqualsFiniteDifferences(string name, double dropout)
    {
        var reference = ReferenceTraining.Of(name);
        using var decoder = reference.Load(dropout: dropout);
        ClearGradients(decoder);
        Loss();
        var gradients = decoder.Parameters.Select(parameter => parameter.Gradient.ToArray()).ToArray();
        for (var at = 0; at < gradients.Length; at++)
        {
            var (parameter, gradient) = (decoder.Parameters[at], gradients[at]);
            float[] values = [.. parameter.Values];
            var norm = Math.Sqrt(gradient.Sum(value => (double)value * value));
            const double step = 2e-3;
            var slope = (LossAt(step) - LossAt(-step)) / (2 * step);
            values.CopyTo(parameter.Values, 0);
            slope.ShouldBe(norm, 0.01 * norm + 5e-4, parameter.Name);

            double LossAt(double distance)
            {
                for (var i = 0; i < values.Length; i++)
                {
                    parameter.Values[i] = (float)(values[i] + distance * gradient[i] / Math.Max(norm, 1e-12));
                }
                return Loss();
            }
        }

        double Loss() => decoder.Accumulate([reference.Pack()], 1, 0.1, dropout > 0 ? 3 : null, CancellationToken.None).Mean;
    }

    [Fact]
    public void Packs_NeverMixTexts()
    {
        var reference = ReferenceTraining.Of("llama-full");
        using var together = reference.Load();
        using var apart = reference.Load();
        together.Accumulate([reference.Pack()], 1, 0, null, CancellationToken.None);
        apart.Accumulate([.. reference.Texts.Select(text => TokenPack.Of((text.Ids, text.Wanted)))], 1, 0, null, CancellationToken.None);
        for (var i = 0; i < together.Parameters.Count; i++)
        {
            var (one, other) = (together.Parameters[i].Gradient, apart.Parameters[i].Gradient);
            for (var j = 0; j < one.Length; j++)
            {
                one[j].ShouldBe(other[j], 1e-5f + 1e-4f * MathF.Abs(other[j]), $"{together.Parameters[i].Name} [{j}]");
            }
        }
    }

    [Fact]
    public void Measure_EqualsTheInferenceEngine()
    {
        var reference = ReferenceDecoder.Of("yarn");
        using var decoder = TrainableDecoder.Load(reference.Files, new DecoderTuning(), seed: 1, threads: 2);
        var wanted = reference.Ids.Select((_, i) => i % 2 == 0).ToArray();
        var loss = decoder.Measure([TokenPack.Of((reference.Ids, wanted))], CancellationToken.None);

        var (sum, right, vocabulary) = (0.0, 0, decoder.Config.VocabularySize);
        for (var i = 0; i + 1 < reference.Ids.Length; i++)
        {
            if (wanted[i + 1])
            {
                var row = reference.Logits[(i * vocabulary)..((i + 1) * vocabulary)];
                sum += Math.Log(row.Sum(logit => Math.Exp(logit))) - row[reference.Ids[i + 1]];
                right += Array.IndexOf(row, row.Max()) == reference.Ids[i + 1] ? 1 : 0;
            }
        }
        loss.Labels.ShouldBe(wanted.Skip(1).Count(isWanted => isWanted));
        loss.Right.ShouldBe(right);
        loss.Sum.ShouldBe(sum, 1e-4 * sum);
    }

    [Fact]
    public void Accumulate_WhatCannotBe_IsRefusedByName()
    {
        using var decoder = ReferenceTraining.Of("llama-lora").Load();
        Refused(TokenPack.Of(([1, 2, 99], [true, true, true]))).ShouldContain("99");
        Refused(TokenPack.Of((new int[65], new bool[65]))).ShouldContain("65");
        Refused(TokenPack.Of(([1, 2, 3], [true, false, false]))).ShouldContain("no label");
        Refused(new TokenPack([1, 2], [0, 2], [2, -1])).ShouldContain("begin at");
        Should.Throw<ArgumentException>(() => TrainableDecoder.Load(
            ReferenceDecoder.Of("llama").Files, new DecoderTuning { Targets = ["query"] }, 1, 1)).Message.ShouldContain("q_proj");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() => decoder.Measure([ReferenceTraining.Of("llama-lora").Pack()], cancelled.Token));

        string Refused(TokenPack pack) =>
            Should.Throw<ArgumentException>(() => decoder.Accumulate([pack], 1, 0, null, CancellationToken.None)).Message;
    }

    private static void ClearGradients(TrainableDecoder decoder)
    {
        foreach (var parameter in decoder.Parameters)
        {
            parameter.ClearGradient();
        }
    }
}
