using System.Text;
using RagPlatform.Transformers.Tests.Reference;

namespace RagPlatform.Transformers.Tests;

public sealed class CrossEncoderTests
{
    private static readonly ReferenceModel Model = new("bert-reranker");
    private static readonly CrossEncoder Reranker = CrossEncoder.Load(Model);
    private static readonly string[] Passages =
        [.. Enumerable.Range(0, 40).Select(length => string.Join(' ', Enumerable.Range(0, length).Select(i => $"{(char)('a' + (i * 7 + length) % 26)}")))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(300)]
    public void Score_ManyPassages_EqualEachAloneBitForBit(int threads)
    {
        var together = Reranker.Score("a query", Passages, threads, CancellationToken.None);
        for (var i = 0; i < Passages.Length; i++)
        {
            together[i].ShouldBe(Reranker.Score("a query", [Passages[i]], 1, CancellationToken.None)[0], $"passage {i}");
        }
    }

    [Fact]
    public void Score_AnyPassage_HasAProbabilityInItsLogitsOrder()
    {
        var scores = Reranker.Score("a b", Passages, 2, CancellationToken.None);
        scores.ShouldAllBe(score => score.Probability > 0 && score.Probability < 1);
        scores.OrderBy(score => score.Logit).Select(score => score.Probability).ShouldBeInOrder();
        new PairScore(0, 1, 0, 0).Probability.ShouldBe(0.5);
    }

    /// <summary>Room for 31 tokens: a long passage never costs the query more than what it has above half of it.</summary>
    [Theory]
    [InlineData(15, 100, 15, 16)]
    [InlineData(16, 100, 15, 16)]
    [InlineData(100, 15, 16, 15)]
    [InlineData(100, 100, 15, 16)]
    [InlineData(20, 11, 20, 11)]
    [InlineData(20, 12, 19, 12)]
    [InlineData(3, 100, 3, 28)]
    [InlineData(100, 0, 31, 0)]
    public void Encode_TooLong_CutsTheLongerAndCountsWhatIsCut(int query, int passage, int queryKept, int passageKept)
    {
        var pair = Reranker.Encode(Words(query), [Words(passage)], CancellationToken.None)[0];
        pair.Ids.Length.ShouldBe(3 + queryKept + passageKept);
        pair.SecondStart.ShouldBe(queryKept + 2);
        pair.UnseenQueryTokens.ShouldBe(query - queryKept);
        pair.UnseenPassageTokens.ShouldBe(passage - passageKept);
    }

    [Fact]
    public void Encode_SpecialTokensInATexts_AreText()
    {
        var ids = Reranker.Encode("a [SEP] b", ["[CLS]"], CancellationToken.None)[0].Ids;
        ids.Count(id => id == 3).ShouldBe(2);
        ids.Count(id => id == 2).ShouldBe(1);
    }

    [Fact]
    public void Load_LimitInTokenizerConfig_IsKept() =>
        CrossEncoder.Load(Model.With(files => files["tokenizer_config.json"] = """{"model_max_length":12}"""u8.ToArray())).MaxTokens.ShouldBe(12);

    [Fact]
    public void Load_LimitThatLeavesNoRoomForTwoTexts_IsRefused() =>
        Refusal(files => files["tokenizer_config.json"] = """{"model_max_length":4}"""u8.ToArray()).ShouldContain("reads 4 tokens");

    [Fact]
    public void Load_Encoder_IsRefusedAsAReranker() =>
        Should.Throw<InvalidDataException>(() => CrossEncoder.Load(new ReferenceModel("bert-encoder"))).Message.ShouldContain("classifier.weight");

    [Fact]
    public void Load_SeveralLabels_IsRefused() =>
        Refusal(files => files["model.safetensors"] = WithShape(files["model.safetensors"], "\"shape\": [1, 24]", "\"shape\": [2, 12]")).ShouldContain("one label");

    [Fact]
    public void Score_Cancelled_ThrowsCancellation()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Should.Throw<OperationCanceledException>(() => Reranker.Score("a", Passages, 2, cancellation.Token));
    }

    [Fact]
    public void Score_NullAmongThePassages_NamesItsPlace() =>
        Should.Throw<ArgumentException>(() => Reranker.Score("a", ["b", null!], 1, CancellationToken.None)).Message.ShouldContain("Passage 1 of 2");

    [Fact]
    public void Score_NoPassages_IsEmpty() => Reranker.Score("a", [], 1, CancellationToken.None).ShouldBeEmpty();

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("a", count));

    private static string Refusal(Action<Dictionary<string, byte[]>> change) =>
        Should.Throw<InvalidDataException>(() => CrossEncoder.Load(Model.With(change))).Message;

    private static byte[] WithShape(byte[] safetensors, string shape, string other)
    {
        var text = Encoding.Latin1.GetString(safetensors);
        text.ShouldContain(shape);
        return Encoding.Latin1.GetBytes(text.Replace(shape, other, StringComparison.Ordinal));
    }
}
