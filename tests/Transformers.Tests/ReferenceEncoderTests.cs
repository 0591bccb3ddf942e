using RagPlatform.Transformers.Tests.Reference;

namespace RagPlatform.Transformers.Tests;

/// <summary>BERT and XLM-R against PyTorch 1.13 (Reference/encoders.py).</summary>
public sealed class ReferenceEncoderTests
{
    /// <summary>What was seen is about a tenth of it.</summary>
    private const float Tolerance = 5e-6f;

    [Theory]
    [InlineData("bert-encoder", "mean")]
    [InlineData("bert-encoder", "cls")]
    [InlineData("bert-encoder", "max")]
    [InlineData("xlm-roberta-encoder", "mean")]
    [InlineData("xlm-roberta-encoder", "cls")]
    [InlineData("xlm-roberta-encoder", "max")]
    public void Embed_RandomModel_EqualsPyTorch(string model, string pooling)
    {
        var encoder = Load(model, pooling);
        foreach (var expected in new ReferenceModel(model).Expected<ExpectedVectors>())
        {
            var input = encoder.Encode(expected.Text, TextKind.Passage);
            input.Ids.ShouldBe(expected.Ids, expected.Text);
            var embedding = encoder.Embed([input], 1, CancellationToken.None)[0];
            embedding.UnseenTokens.ShouldBe(expected.Unseen);
            var vector = pooling switch { "mean" => expected.Mean, "cls" => expected.Cls, _ => expected.Max };
            MaxDifference(embedding.Vector, vector).ShouldBeLessThan(Tolerance, $"'{expected.Text}'");
        }
    }

    [Theory]
    [InlineData("bert-reranker")]
    [InlineData("xlm-roberta-reranker")]
    public void Score_RandomModel_EqualsPyTorch(string model)
    {
        var files = new ReferenceModel(model);
        var reranker = CrossEncoder.Load(files);
        foreach (var expected in files.Expected<ExpectedScore>())
        {
            var pair = reranker.Encode(expected.Query, [expected.Passage], CancellationToken.None)[0];
            pair.Ids.ShouldBe(expected.Ids, expected.Query);
            var score = reranker.Score([pair], 1, CancellationToken.None)[0];
            score.Logit.ShouldBe(expected.Logit, Tolerance, expected.Query);
            score.Tokens.ShouldBe(expected.Ids.Length);
            score.UnseenQueryTokens.ShouldBe(expected.UnseenQuery);
            score.UnseenPassageTokens.ShouldBe(expected.UnseenPassage);
        }
    }

    private static SentenceEncoder Load(string model, string pooling) => SentenceEncoder.Load(new ReferenceModel(model).With(files =>
    {
        var mode = pooling == "cls" ? "cls_token" : pooling + "_tokens";
        files["1_Pooling/config.json"] = System.Text.Encoding.UTF8.GetBytes($$"""{"pooling_mode_{{mode}}":true}""");
    }));

    private static float MaxDifference(float[] actual, float[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        return actual.Zip(expected, (left, right) => Math.Abs(left - right)).Max();
    }

    private sealed record ExpectedVectors(string Text, int[] Ids, int Unseen, float[] Mean, float[] Cls, float[] Max);

    private sealed record ExpectedScore(string Query, string Passage, int[] Ids, int UnseenQuery, int UnseenPassage, float Logit);
}
