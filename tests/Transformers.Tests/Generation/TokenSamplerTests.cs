using RagPlatform.Transformers.Generation;

namespace RagPlatform.Transformers.Tests.Generation;

public sealed class TokenSamplerTests
{
    private const int Draws = 20_000;

    [Fact]
    public void Sample_Greedy_IsTheLikeliestAndOfEqualOnesTheFirst() =>
        Sampler(SamplingSettings.Greedy, 4).Sample([1, 3, 3, 2]).ShouldBe(1);

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void Sample_Temperature_DrawsAsTheTemperedSoftmaxSays(double temperature)
    {
        float[] logits = [0.5f, -1, 2, float.NegativeInfinity, 1];
        ShouldBeDistributed(new SamplingSettings { Temperature = temperature }, logits, Softmax(logits, temperature));
    }

    [Fact]
    public void Sample_TopK_DrawsAmongSoManyOnly()
    {
        float[] logits = [0.5f, -1, 2, 0, 1];
        ShouldBeDistributed(new SamplingSettings { TopK = 2 }, logits, Kept(Softmax(logits, 1), 2, 4));
    }

    [Theory]
    [InlineData(0.5, new[] { 2 })]
    [InlineData(0.6, new[] { 2, 4 })]
    [InlineData(0.85, new[] { 2, 4, 0 })]
    [InlineData(0.99, new[] { 2, 4, 0, 3, 1 })]
    public void Sample_TopP_DrawsAmongTheLikeliestThatCoverIt(double topP, int[] kept)
    {
        // Probabilities: .120 .027 .536 .073 .197, and .049 for the last.
        float[] logits = [0.5f, -1, 2, 0, 1, -0.4f];
        int[] expected = topP > 0.98 ? [.. kept, 5] : kept;
        ShouldBeDistributed(new SamplingSettings { TopP = topP }, logits, Kept(Softmax(logits, 1), expected));
    }

    [Fact]
    public void Sample_MinP_DropsWhatIsFarBelowTheLikeliest()
    {
        float[] logits = [0.5f, -1, 2, 0, 1];
        ShouldBeDistributed(new SamplingSettings { MinP = 0.2 }, logits, Kept(Softmax(logits, 1), 0, 2, 4));
    }

    [Theory]
    [InlineData(40, 1.0)]
    [InlineData(0, 0.9)]
    [InlineData(0, 0.99999)]
    [InlineData(900, 0.7)]
    public void Sample_LargeVocabulary_KeepsWhatSortingAllWouldKeep(int topK, double topP)
    {
        var random = new Random(3);
        var logits = Enumerable.Range(0, 1_500).Select(_ => (float)(random.NextDouble() * 12 - 6)).ToArray();
        var byLikelihood = Softmax(logits, 1).Select((probability, id) => (probability, id)).OrderByDescending(pair => pair.probability).ToList();
        var candidates = topK > 0 ? byLikelihood.Take(topK).ToList() : byLikelihood;
        var all = candidates.Sum(pair => pair.probability);
        var covered = 0.0;
        var kept = candidates.TakeWhile(pair => (covered += pair.probability) - pair.probability < topP * all).Select(pair => pair.id).ToHashSet();
        var sampler = Sampler(new SamplingSettings { TopK = topK, TopP = topP }, logits.Length);
        var drawn = Enumerable.Range(0, 400).Select(_ => sampler.Sample(logits)).ToHashSet();
        drawn.Except(kept).ShouldBeEmpty();
        drawn.Count.ShouldBeGreaterThan(Math.Min(kept.Count, 400) / 4);
    }

    [Fact]
    public void Sample_SameSeed_RepeatsItself()
    {
        float[] logits = [0.5f, -1, 2, 0, 1];
        var (first, second) = (Sampler(new SamplingSettings(), 5), Sampler(new SamplingSettings(), 5));
        Enumerable.Range(0, 100).Select(_ => first.Sample(logits)).ShouldBe(Enumerable.Range(0, 100).Select(_ => second.Sample(logits)));
    }

    [Fact]
    public void Sample_NothingMayBeChosen_SaysSo() =>
        Should.Throw<InvalidOperationException>(() => Sampler(new SamplingSettings(), 2).Sample([float.NegativeInfinity, float.NegativeInfinity]));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Sample_LogitIsNoNumber_SaysSo(int damaged)
    {
        float[] logits = [1, 2, 3, 0];
        logits[damaged] = float.NaN;
        Should.Throw<InvalidOperationException>(() => Sampler(new SamplingSettings(), 4).Sample(logits)).Message.ShouldContain("NaN");
    }

    [Theory]
    [InlineData(-0.1, 1.0, 0.0, "Temperature")]
    [InlineData(double.NaN, 1.0, 0.0, "Temperature")]
    [InlineData(1.0, 0.0, 0.0, "TopP")]
    [InlineData(1.0, 1.1, 0.0, "TopP")]
    [InlineData(1.0, 1.0, 1.1, "MinP")]
    public void Check_OutOfRange_NamesTheSetting(double temperature, double topP, double minP, string named) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new SamplingSettings { Temperature = temperature, TopP = topP, MinP = minP }.Check()).ParamName.ShouldBe(named);

    private static void ShouldBeDistributed(SamplingSettings settings, float[] logits, double[] expected)
    {
        var counts = new int[logits.Length];
        var sampler = Sampler(settings, logits.Length);
        for (var i = 0; i < Draws; i++)
        {
            counts[sampler.Sample(logits)]++;
        }

        for (var id = 0; id < counts.Length; id++)
        {
            // Five standard deviations.
            var tolerance = 5 * Math.Sqrt(expected[id] * (1 - expected[id]) / Draws) + 1e-9;
            ((double)counts[id] / Draws).ShouldBe(expected[id], tolerance, $"token {id}");
        }
    }

    private static double[] Softmax(float[] logits, double temperature)
    {
        var weights = logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private static double[] Kept(double[] probabilities, params int[] ids)
    {
        var sum = ids.Sum(id => probabilities[id]);
        return [.. probabilities.Select((probability, id) => ids.Contains(id) ? probability / sum : 0)];
    }

    private static TokenSampler Sampler(SamplingSettings settings, int vocabularySize) => new(settings, vocabularySize, new Random(11));
}
