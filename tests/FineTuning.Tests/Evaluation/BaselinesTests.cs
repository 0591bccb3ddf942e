using RagPlatform.FineTuning.Evaluation;

namespace RagPlatform.FineTuning.Tests.Evaluation;

public class BaselinesTests
{
    [Fact]
    public void Evaluate_ClustersWithNoise_LearnersBeatTheMajorityAndTellWhatIsOutOfScope()
    {
        var rows = Baselines.Evaluate(Clusters(1, 200, outOfScope: 5), Clusters(2, 60), Clusters(3, 100, outOfScope: 30), classes: 4, threads: 2, default);

        rows.Select(row => row.System).ShouldBe(["majority", "nearest neighbour", "linear probe"]);
        rows[0].Metrics["accuracy"].ShouldBe(0.4, 1e-9);
        rows[0].Metrics["oos_auroc"].ShouldBe(0.5);
        foreach (var row in rows.Skip(1))
        {
            row.Metrics["accuracy"].ShouldBeGreaterThan(0.9);
            row.Metrics["macro_f1"].ShouldBeGreaterThan(0.85);
            row.Metrics["oos_auroc"].ShouldBeGreaterThan(0.8);
            row.Metrics["ece"].ShouldBeInRange(0, 0.3);
        }
    }

    [Fact]
    public void Evaluate_AnyNumberOfThreads_SameBits()
    {
        string Run(int threads) => string.Join(
            '\n',
            Baselines.Evaluate(Clusters(1, 700), Clusters(2, 60), Clusters(3, 100, outOfScope: 20), 4, threads, default)
                .SelectMany(row => row.Metrics.Select(metric => $"{row.System} {metric.Key} {metric.Value:R}")));

        Run(3).ShouldBe(Run(1));
    }

    [Fact]
    public void Evaluate_NoValidationTexts_StillWorks() =>
        Baselines.Evaluate(Clusters(1, 100), new EmbeddedExamples([], []), Clusters(3, 50), 4, 1, default).ShouldAllBe(row => row.Metrics["accuracy"] > 0.3);

    [Fact]
    public void Evaluate_Cancelled_Throws() =>
        Should.Throw<OperationCanceledException>(() => Baselines.Evaluate(Clusters(1, 100), Clusters(2, 10), Clusters(3, 50), 4, 1, new CancellationToken(true)));

    [Fact]
    public void Evaluate_NoTextWithALabel_IsRefused() =>
        Should.Throw<ArgumentException>(() => new LinearProbe(new EmbeddedExamples([[1]], [EmbeddedExamples.OutOfScope]), new EmbeddedExamples([], []), 1, 1, default));

    [Fact]
    public void NearestNeighbours_OfFewTexts_VotesByCosine()
    {
        var training = new EmbeddedExamples([[1, 0], [0.8f, 0.6f], [0.6f, 0.8f], [0, 1], [-1, 0]], [0, 1, 1, EmbeddedExamples.OutOfScope, 2]);
        // Nearest to (1, 0) is a text of 0, then two of 1: only k = 3 is right of a text of 1.
        var validation = new EmbeddedExamples([[1, 0]], [1]);

        var neighbours = new NearestNeighbours(training, validation, 1, default);

        neighbours.K.ShouldBe(3);
        neighbours.Predict(validation, 1, default)[0].ShouldBe(new LabelPrediction(1, 2.0 / 3, 1 - 0.6f));
        neighbours.Nearest(new EmbeddedExamples([[0, 1], [-1, 0.1f]], [0, 0]), 1, default).ShouldBe([2, 3]);
    }

    [Fact]
    public void EmbeddedExamples_OfDifferentLengthsOrNumbers_AreRefused()
    {
        Should.Throw<ArgumentException>(() => new EmbeddedExamples([[1, 2], [1]], [0, 0])).Message.ShouldContain("Text 1 has 1 numbers");
        Should.Throw<ArgumentException>(() => new EmbeddedExamples([[1]], [0, 0]));
        Should.Throw<ArgumentException>(() => new EmbeddedExamples([[1]], [-2]));
    }

    [Fact]
    public void Metrics_OnlyTextsWithoutLabel_HaveNothingToJudge() =>
        LabelEvaluation.Metrics([new LabelPrediction(0, 0.5, 0)], [EmbeddedExamples.OutOfScope]).ShouldBeEmpty();

    /// <summary>Four noisy directions, of which the first has 40% of the texts; texts out of scope are between all of them.</summary>
    private static EmbeddedExamples Clusters(int seed, int count, int outOfScope = 0)
    {
        const int Width = 12;
        var random = new Random(seed);
        var (vectors, labels) = (new List<float[]>(), new List<int>());
        for (var i = 0; i < count + outOfScope; i++)
        {
            var label = i >= count ? EmbeddedExamples.OutOfScope : (i % 5) % 4;
            var vector = Enumerable.Range(0, Width).Select(k => (k == label ? 1.5f : 0) + ((float)random.NextDouble() - 0.5f)).ToArray();
            var length = MathF.Sqrt(vector.Sum(value => value * value));
            vectors.Add([.. vector.Select(value => value / length)]);
            labels.Add(label);
        }

        return new EmbeddedExamples(vectors, labels);
    }
}
