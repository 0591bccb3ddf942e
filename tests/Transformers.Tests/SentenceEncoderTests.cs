using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests;

public sealed class SentenceEncoderTests
{
    private static readonly TinyBert Model = new();
    private static readonly SentenceEncoder Encoder = SentenceEncoder.Load(Model.HuggingFaceFiles());
    private static readonly SentenceEncoder Rounded = SentenceEncoder.Load(Model.HuggingFaceFiles(), precision: WeightPrecision.Rounded);

    /// <summary>Every length from nothing to more than the model reads.</summary>
    private static readonly string[] Texts =
        [.. Enumerable.Range(0, 50).Select(length => string.Join(' ', Enumerable.Range(0, length).Select(i => $"{(char)('a' + (i * 7 + length) % 26)}")))];

    [Fact]
    public void Embed_EveryLength_EqualsTheReferenceInDoublePrecision()
    {
        var reference = new ReferenceBert(Model);
        var embeddings = Encoder.EmbedPassages(Texts, 1, CancellationToken.None);
        for (var i = 0; i < Texts.Length; i += 3)
        {
            ShouldBeClose(embeddings[i].Vector, reference.MeanPooled(Encoder.Tokenizer.Encode(Texts[i], Encoder.MaxTokens).Ids));
        }
    }

    [Fact]
    public void Embed_Int4Onnx_EqualsTheSameModelInSafetensors()
    {
        var onnx = SentenceEncoder.Load(Model.OnnxFiles());
        onnx.EmbedPassages([Texts[17]], 1, CancellationToken.None)[0].Vector
            .ShouldBe(Encoder.EmbedPassages([Texts[17]], 1, CancellationToken.None)[0].Vector);
    }

    [Fact]
    public void Embed_ModelSavedWithAHead_EqualsTheBareOne()
    {
        var prefixed = SentenceEncoder.Load(Model.HuggingFaceFiles(prefix: "bert."));
        prefixed.EmbedPassages([Texts[5]], 1, CancellationToken.None)[0].Vector
            .ShouldBe(Encoder.EmbedPassages([Texts[5]], 1, CancellationToken.None)[0].Vector);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(500)]
    public void Embed_ManyTexts_EqualEachAloneBitForBit(int threads)
    {
        foreach (var encoder in new[] { Encoder, Rounded })
        {
            var together = encoder.EmbedPassages(Texts, threads, CancellationToken.None);
            for (var i = 0; i < Texts.Length; i++)
            {
                var alone = encoder.EmbedPassages([Texts[i]], 1, CancellationToken.None)[0].Vector;
                together[i].Vector.ShouldBe(alone, $"text {i}, {encoder.Precision}");
                encoder.EmbedPassages([Texts[i]], threads, CancellationToken.None)[0].Vector.ShouldBe(alone, $"text {i} alone, {encoder.Precision}");
            }
        }
    }

    [Fact]
    public void Load_MixedPrecisionOfWeightsThatAreNotOfFewBits_IsFull()
    {
        var mixed = SentenceEncoder.Load(Model.HuggingFaceFiles(), precision: WeightPrecision.Mixed);
        mixed.Precision.ShouldBe(WeightPrecision.Full);
        mixed.EmbedPassages([Texts[9]], 1, CancellationToken.None)[0].Vector.ShouldBe(Encoder.EmbedPassages([Texts[9]], 1, CancellationToken.None)[0].Vector);
    }

    [Fact]
    public void Embed_RoundedPrecision_IsNearTheReferenceAndNotEqual()
    {
        var reference = new ReferenceBert(Model);
        var embeddings = Rounded.EmbedPassages(Texts, 1, CancellationToken.None);
        for (var i = 0; i < Texts.Length; i += 5)
        {
            var expected = reference.MeanPooled(Encoder.Tokenizer.Encode(Texts[i], Encoder.MaxTokens).Ids);
            var cosine = expected.Zip(embeddings[i].Vector).Sum(pair => pair.First * pair.Second);
            cosine.ShouldBeInRange(0.999, 0.9999999);
        }
    }

    [Fact]
    public void Embed_CallsAtOnce_DoNotDisturbEachOther()
    {
        var expected = Encoder.EmbedPassages(Texts, 1, CancellationToken.None);
        Parallel.For(0, 8, _ =>
        {
            var actual = Encoder.EmbedPassages(Texts, 2, CancellationToken.None);
            for (var i = 0; i < Texts.Length; i++)
            {
                actual[i].Vector.ShouldBe(expected[i].Vector);
            }
        });
    }

    [Fact]
    public void Embed_AnyText_HasUnitLengthAndTheDimension()
    {
        Encoder.Dimension.ShouldBe(TinyBert.Hidden);
        foreach (var embedding in Encoder.EmbedPassages([.. Texts, "", " ", "zzz", "🚀"], 2, CancellationToken.None))
        {
            embedding.Vector.Length.ShouldBe(TinyBert.Hidden);
            embedding.Vector.Sum(value => (double)value * value).ShouldBe(1, 1e-5);
        }
    }

    [Theory]
    [InlineData(0, 2, 0)]
    [InlineData(38, 40, 0)]
    [InlineData(39, 40, 1)]
    [InlineData(49, 40, 11)]
    public void Embed_TextsAroundTheLimit_CountWhatIsRead(int words, int tokens, int unseen)
    {
        Encoder.MaxTokens.ShouldBe(TinyBert.MaxPositions);
        var embedding = Encoder.EmbedPassages([Texts[words]], 1, CancellationToken.None)[0];
        embedding.Tokens.ShouldBe(tokens);
        embedding.UnseenTokens.ShouldBe(unseen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Embed_Cancelled_ThrowsCancellation(int threads)
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Should.Throw<OperationCanceledException>(() => Encoder.EmbedPassages(Texts, threads, cancellation.Token));
    }

    [Fact]
    public void Embed_CancelledOnTheWay_ThrowsCancellation()
    {
        using var cancellation = new CancellationTokenSource();
        var texts = new CancellingTexts(Texts, cancellation);
        Should.Throw<OperationCanceledException>(() => Encoder.EmbedPassages(texts, 2, cancellation.Token));
        Encoder.EmbedPassages(Texts, 2, CancellationToken.None).Length.ShouldBe(Texts.Length);
    }

    [Fact]
    public void Embed_NoTexts_IsEmpty() => Encoder.EmbedPassages([], 4, CancellationToken.None).ShouldBeEmpty();

    [Fact]
    public void Embed_NullAmongTheTexts_NamesItsPlace() =>
        Should.Throw<ArgumentException>(() => Encoder.EmbedPassages(["a", null!], 1, CancellationToken.None)).Message.ShouldContain("Text 1 of 2");

    [Fact]
    public void Embed_NoThreads_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Encoder.EmbedPassages(Texts, 0, CancellationToken.None));

    internal static void ShouldBeClose(float[] actual, double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            actual[i].ShouldBe((float)expected[i], 2e-5f, $"component {i}");
        }
    }

    /// <summary>Cancels when its last text has been taken, which is before any has been embedded.</summary>
    private sealed class CancellingTexts(string[] texts, CancellationTokenSource cancellation) : IReadOnlyList<string>
    {
        public int Count => texts.Length;

        public string this[int index]
        {
            get
            {
                if (index == texts.Length - 1)
                {
                    cancellation.Cancel();
                }
                return texts[index];
            }
        }

        public IEnumerator<string> GetEnumerator() => texts.AsEnumerable().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
