using RagPlatform.Tokenization;
using RagPlatform.TestKit;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.Transformers.Tests.Training;

public sealed class TrainableEncoderTests
{
    private static readonly EncoderTuning Low = EncoderTuning.LowRank(TinyTraining.AllLow, 0);

    [Fact]
    public void Load_FromInt4Onnx_HasTheStatesOfTheSameModelInSafetensors()
    {
        var onnx = TrainableEncoder.Load(new TinyBert().OnnxFiles(), "", EncoderTuning.Full(0));
        var states = TinyTraining.Hidden(onnx, TinyTraining.Texts);
        var expected = TinyTraining.Hidden(TinyTraining.Load(EncoderTuning.Full(0)), TinyTraining.Texts);
        for (var text = 0; text < expected.Length; text++)
        {
            states[text].ShouldBe(expected[text], 1e-5);
        }
        onnx.Parameters.Select(parameter => parameter.Name).Order().ShouldBe(new TinyBert().Tensors.Keys.Order());
    }

    [Fact]
    public void Load_LowRank_BeginsAsTheBaseAndTrainsTheAdapterAlone()
    {
        var encoder = TrainableEncoder.Load(new TinyBert().HuggingFaceFiles(), "", Low);
        TinyTraining.Hidden(encoder, TinyTraining.Texts)[1].ShouldBe(TinyTraining.Hidden(TinyTraining.Load(EncoderTuning.Full(0)), TinyTraining.Texts)[1]);
        encoder.Parameters.ShouldAllBe(parameter => parameter.Name.Contains("lora_", StringComparison.Ordinal));
        encoder.Parameters.Count.ShouldBe(2 * 6 * TinyBert.Layers);
    }

    [Fact]
    public void Forward_ATextAmongOthers_HasTheBitsThatItHasAlone()
    {
        var encoder = TinyTraining.Load(Low);
        var texts = TinyTraining.Texts;
        using var together = encoder.Forward(texts, null, threads: 2, CancellationToken.None);
        for (var text = 0; text < texts.Length; text++)
        {
            using var alone = encoder.Forward([texts[text]], null, threads: 1, CancellationToken.None);
            together.HiddenOf(text).ToArray().ShouldBe(alone.Hidden.ToArray());
        }
    }

    [Fact]
    public void Forward_SameDropoutSeed_GivesTheSameAndAnotherSeedAnother()
    {
        var encoder = TinyTraining.Load(EncoderTuning.Full(0.3f));
        using var first = encoder.Forward(TinyTraining.Texts, 1, threads: 2, CancellationToken.None);
        using var again = encoder.Forward(TinyTraining.Texts, 1, threads: 1, CancellationToken.None);
        using var other = encoder.Forward(TinyTraining.Texts, 2, threads: 2, CancellationToken.None);
        first.Hidden.ToArray().ShouldBe(again.Hidden.ToArray());
        first.Hidden.ToArray().ShouldNotBe(other.Hidden.ToArray());
    }

    [Fact]
    public void Backward_OfWords_TouchesTheRowsInUseAlone()
    {
        var encoder = TinyTraining.Load(EncoderTuning.Full(0));
        Learn(encoder);
        var words = encoder.Parameters.Single(parameter => parameter.IsSparse);
        words.TouchedRows.Order().ShouldBe(TinyTraining.Texts.SelectMany(text => text.Ids).Distinct().Order());
        words.ClearGradient();
        words.Gradient.ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Backward_Twice_IsRefused()
    {
        var encoder = TinyTraining.Load(Low);
        using var activations = encoder.Forward(TinyTraining.Texts, null, 1, CancellationToken.None);
        var gradient = new float[activations.Hidden.Length];
        encoder.Backward(activations, gradient, 1, CancellationToken.None);
        Should.Throw<InvalidOperationException>(() => encoder.Backward(activations, gradient, 1, CancellationToken.None));
    }

    [Fact]
    public void Forward_InputsThatCannotBe_AreRefusedWithTheText()
    {
        var encoder = TinyTraining.Load(Low);
        Refusal().ShouldContain("at least one text");
        Refusal(TinyTraining.New(2, 3), TinyTraining.New()).ShouldContain("Text 1 has 0 tokens");
        Refusal(new EncodedText(new int[TinyBert.MaxPositions + 1], 0)).ShouldContain($"from 1 to {TinyBert.MaxPositions}");
        Refusal(TinyTraining.New(2, TinyBert.Vocabulary.Length, 3)).ShouldContain("outside the vocabulary");
        Refusal([.. Enumerable.Repeat(TinyTraining.New(new int[33]), 2000)]).ShouldContain($"at most {TrainableEncoder.MaxBatchTokens}");

        string Refusal(params EncodedText[] texts) =>
            Should.Throw<ArgumentException>(() => encoder.Forward(texts, null, 1, CancellationToken.None)).Message;
    }

    [Theory]
    [InlineData(0, 6, 0)]
    [InlineData(513, 6, 0)]
    [InlineData(3, 0, 0)]
    [InlineData(3, float.NaN, 0)]
    [InlineData(3, 6, 1)]
    public void Load_LoraOutOfRange_IsRefused(int rank, float alpha, float dropout) =>
        Should.Throw<ArgumentException>(() => TrainableEncoder.Load(
            new TinyBert().HuggingFaceFiles(), "", EncoderTuning.LowRank(new EncoderLora(rank, alpha, dropout, EncoderLora.AllTargets, 1), 0)));

    [Fact]
    public void Forward_Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() => TinyTraining.Load(Low).Forward(TinyTraining.Texts, null, 2, cancelled.Token));
    }

    [RequiresModelFact]
    public void MiniLm_AStepTowardsATarget_LowersItsLossAndServesTheSame()
    {
        var files = new FolderModelFiles(Environment.GetEnvironmentVariable("RAG_TEST_MINILM")!);
        var encoder = TrainableEncoder.Load(files, "all-MiniLM-L6-v2", EncoderTuning.LowRank(new EncoderLora(4, 8, 0.1f, EncoderLora.AllTargets, 1), 0.1f));
        EncodedText[] texts = [.. new[] { "my card has not arrived", "what is the exchange rate?" }.Select(text => encoder.Encode(text, TextKind.Passage))];
        var optimizer = new AdamW(encoder.Parameters, new AdamWSettings(), threads: 2);
        var losses = Enumerable.Range(0, 8).Select(step => Step(encoder, texts, optimizer, (ulong)step)).ToArray();
        losses[^1].ShouldBeLessThan(0.8 * losses[0]);

        var written = new WrittenModelFiles();
        encoder.SaveAdapter(written.Create);
        var server = TokenEncoder.Load(files);
        var served = server.Run(texts, server.LoadAdapter(written.Folder), (_, hidden) => hidden.ToArray(), 2, CancellationToken.None);
        served[0].ShouldBe(TinyTraining.Hidden(encoder, texts)[0], 1e-3);
    }

    /// <summary>Towards hidden states of 0.</summary>
    private static double Step(TrainableEncoder encoder, EncodedText[] texts, AdamW optimizer, ulong seed)
    {
        using (var activations = encoder.Forward(texts, seed, 2, CancellationToken.None))
        {
            encoder.Backward(activations, activations.Hidden.ToArray(), 2, CancellationToken.None);
        }
        optimizer.Step(3e-3);
        foreach (var parameter in encoder.Parameters)
        {
            parameter.ClearGradient();
        }
        return TinyTraining.Hidden(encoder, texts).Sum(text => text.Sum(value => (double)value * value));
    }

    private static void Learn(TrainableEncoder encoder)
    {
        using var activations = encoder.Forward(TinyTraining.Texts, null, 1, CancellationToken.None);
        encoder.Backward(activations, TinyTraining.Numbers(3, activations.Hidden.Length), 1, CancellationToken.None);
    }
}
