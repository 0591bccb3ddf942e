using RagPlatform.FineTuning.Retrieving;
using RagPlatform.FineTuning.Retrieving.Reranking;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuning.Tests.Retrieving;

public sealed class RerankerTrainerTests
{
    private static readonly Dictionary<string, string> Knobs = new(StringComparer.Ordinal)
    {
        ["epochs"] = "40", ["batch_size"] = "8", ["learning_rate"] = "0.005", ["head_rate"] = "1", ["dropout"] = "0", ["positive_share"] = "2", ["candidates"] = "24",
    };

    [Fact]
    public void Train_OnPairs_RanksAnswersHigherThanTheFirstSearch()
    {
        var result = new MemoryFiles();

        var outcome = new RerankerTrainer().Train(TinyPairs.Run(TinyEncoder.Files(), result, Knobs), CancellationToken.None);

        var gains = outcome.Rows.ToDictionary(row => row.System, row => row.Metrics["ndcg_at_10"]);
        gains["adapter"].ShouldBeGreaterThan(gains["base"] + 0.1);
        var scores = CrossEncoder.Load(result).Score(TinyPairs.Query(3, 1), [TinyPairs.Passage(3), TinyPairs.Passage(4), TinyPairs.Passage(5)], 1, CancellationToken.None);
        scores[0].Logit.ShouldBeGreaterThan(Math.Max(scores[1].Logit, scores[2].Logit));
    }

    [Fact]
    public void Train_OfAReranker_GoesOnWithItsHead()
    {
        var (first, second) = (new MemoryFiles(), new MemoryFiles());
        new RerankerTrainer().Train(TinyPairs.Run(TinyEncoder.Files(), first, Knobs), CancellationToken.None);

        var again = new Dictionary<string, string>(Knobs, StringComparer.Ordinal) { ["epochs"] = "1", ["learning_rate"] = "1e-7" };
        new RerankerTrainer().Train(TinyPairs.Run(first, second, again), CancellationToken.None);

        var (before, after) = (Score(first), Score(second));
        after.ShouldBe(before, 0.01);

        static double Score(MemoryFiles files) => CrossEncoder.Load(files).Score(TinyPairs.Query(3, 1), [TinyPairs.Passage(3)], 1, CancellationToken.None)[0].Logit;
    }

    [Fact]
    public void Train_WithoutNegatives_IsRefused()
    {
        var run = TinyPairs.Run(TinyEncoder.Files(), new MemoryFiles(), new Dictionary<string, string>(StringComparer.Ordinal) { ["hard_negatives"] = "0" });

        Should.Throw<TrainingException>(() => new RerankerTrainer().Train(run, CancellationToken.None)).Problem.ShouldContain("hard_negatives");
    }

    [Fact]
    public void Head_Backward_IsTheGradientOfFiniteDifferences()
    {
        var head = TrainableScoreHead.Open(TinyEncoder.Files(), TinyEncoder.Hidden, seed: 3);
        var random = new Random(1);
        var x = Enumerable.Range(0, TinyEncoder.Hidden).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var inputGradient = new float[x.Length];
        head.Backward(x, head.Forward(x).Activations, 2, inputGradient);

        foreach (var parameter in head.Parameters)
        {
            for (var i = 0; i < parameter.Values.Length; i += 7)
            {
                ((double)parameter.Gradient[i]).ShouldBe(Difference(parameter.Values, i), 2e-3, parameter.Name);
            }
        }
        for (var i = 0; i < x.Length; i++)
        {
            ((double)inputGradient[i]).ShouldBe(Difference(x, i), 2e-3);
        }

        double Difference(float[] values, int place)
        {
            const float Step = 1e-2f;
            var value = values[place];
            values[place] = value + Step;
            var above = head.Forward(x).Score;
            values[place] = value - Step;
            var below = head.Forward(x).Score;
            values[place] = value;
            return 2 * (above - below) / (2 * Step);
        }
    }

    [Fact]
    public void Loss_AtAnyScores_HasTheGradientOfFiniteDifferences()
    {
        float[] scores = [0.3f, -1.2f, 2.1f, 0.9f];
        var (_, gradients) = ListwiseLoss.Compute(scores);

        for (var i = 0; i < scores.Length; i++)
        {
            float[] above = [.. scores], below = [.. scores];
            above[i] += 1e-2f;
            below[i] -= 1e-2f;
            ((double)gradients[i]).ShouldBe((ListwiseLoss.Compute(above).Loss - ListwiseLoss.Compute(below).Loss) / 2e-2, 1e-4);
        }
    }
}
