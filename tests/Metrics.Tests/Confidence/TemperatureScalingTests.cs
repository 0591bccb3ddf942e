using RagPlatform.Metrics.Confidence;

namespace RagPlatform.Metrics.Tests.Confidence;

public sealed class TemperatureScalingTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void Fit_LabelsDrawnAtAKnownTemperature_FindsIt(double temperature)
    {
        var random = new Random(2);
        var (logits, labels) = (new List<float[]>(), new List<int>());
        for (var i = 0; i < 20_000; i++)
        {
            var honest = Enumerable.Range(0, 4).Select(_ => (random.NextDouble() - 0.5) * 4).ToArray();
            var weights = honest.Select(Math.Exp).ToArray();
            var (draw, label) = (random.NextDouble() * weights.Sum(), 0);
            for (; draw > weights[label]; label++)
            {
                draw -= weights[label];
            }

            logits.Add([.. honest.Select(logit => (float)(logit * temperature))]);
            labels.Add(label);
        }

        TemperatureScaling.Fit(logits, labels).ShouldBe(temperature, 0.05 * temperature);
    }

    [Fact]
    public void Fit_TwoClassesThreeOfFourRight_IsSolvedInClosedForm()
    {
        // sigmoid(2 / T) = 3/4, so T = 2 / ln 3.
        float[][] logits = [[2, 0], [2, 0], [2, 0], [2, 0]];
        TemperatureScaling.Fit(logits, [0, 0, 0, 1]).ShouldBe(2 / Math.Log(3), 1e-9);
    }

    [Fact]
    public void Fit_NothingToBeLearnt_StaysWithinBounds()
    {
        TemperatureScaling.Fit([[1, 0], [0, 1]], [0, 1]).ShouldBe(1 / TemperatureScaling.MaxTemperature, 1e-6);
        TemperatureScaling.Fit([[1, 0], [0, 1]], [1, 0]).ShouldBe(TemperatureScaling.MaxTemperature, 1e-3);
        TemperatureScaling.Fit([[1, 1]], [0]).ShouldBe(1);
    }

    [Fact]
    public void Fit_LabelOfNoClass_IsRefused() => Should.Throw<ArgumentException>(() => TemperatureScaling.Fit([[1, 0]], [2])).Message.ShouldContain("example 0");
}
