using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Training;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Tests.Retrieving;

public sealed class RetrieverTaskTests
{
    private static readonly int[] Batch = [0, 5, 9, 14, 20];

    /// <summary>Of the whole: pooling, unit length, InfoNCE at two widths, the anchor, through an encoder in pieces.</summary>
    [Theory]
    [InlineData("full")]
    [InlineData("lora")]
    public void Accumulate_EveryParameter_HasTheGradientOfFiniteDifferences(string tuning)
    {
        var task = Task(("tuning", tuning), ("dropout", "0"), ("matryoshka_dimensions", "8"), ("anchor_weight", "0.5"), ("batch_tokens", "16"), ("temperature", "0.5"));
        Disturb(task);
        task.Accumulate(Batch, 1, seed: 3, CancellationToken.None);
        var gradients = task.Parameters.Select(parameter => parameter.Gradient.ToArray()).ToArray();

        foreach (var (parameter, gradient) in task.Parameters.Zip(gradients))
        {
            var direction = Direction(parameter.Values.Length);
            var expected = gradient.Zip(direction, (g, d) => (double)g * d).Sum();
            var size = Math.Sqrt(gradient.Sum(g => (double)g * g) * direction.Sum(d => (double)d * d));
            double[] steps = [3e-4, 1e-3, 3e-3];
            steps.Min(step => Math.Abs(((LossAt(step) - LossAt(-step)) / (2 * step)) - expected)).ShouldBeLessThan((0.02 * size) + 2e-3, parameter.Name);

            double LossAt(double step)
            {
                var values = parameter.Values.ToArray();
                for (var i = 0; i < values.Length; i++)
                {
                    parameter.Values[i] = (float)(values[i] + (step * direction[i]));
                }
                var loss = task.Accumulate(Batch, 1, seed: 3, CancellationToken.None).Loss;
                values.CopyTo(parameter.Values, 0);
                return loss;
            }
        }
    }

    [Fact]
    public void Accumulate_InPieces_GivesTheGradientOfOnePass()
    {
        var (pieces, whole) = (Task(("dropout", "0"), ("batch_tokens", "16")), Task(("dropout", "0"), ("batch_tokens", "4096")));

        var loss = pieces.Accumulate(Batch, 0.5, seed: 1, CancellationToken.None).Loss;

        loss.ShouldBe(whole.Accumulate(Batch, 0.5, seed: 1, CancellationToken.None).Loss, 1e-6);
        foreach (var (piece, one) in pieces.Parameters.Zip(whole.Parameters))
        {
            for (var i = 0; i < one.Gradient.Length; i++)
            {
                piece.Gradient[i].ShouldBe(one.Gradient[i], 1e-4f, one.Name);
            }
        }
    }

    [Fact]
    public void Accumulate_WithDropoutInPieces_IsTheSameForTheSameSeed()
    {
        var (first, second) = (Task(("dropout", "0.3"), ("batch_tokens", "16")), Task(("dropout", "0.3"), ("batch_tokens", "16")));

        first.Accumulate(Batch, 1, seed: 8, CancellationToken.None).ShouldBe(second.Accumulate(Batch, 1, seed: 8, CancellationToken.None));

        foreach (var (one, other) in first.Parameters.Zip(second.Parameters))
        {
            one.Gradient.ShouldBe(other.Gradient);
        }
    }

    [Fact]
    public void PlanEpoch_OfAnySeed_HasEveryExampleOnceAndNoAnswerTwiceInABatch()
    {
        var random = new Random(7);
        var examples = Enumerable.Range(0, 300).Select(_ => new ContrastiveExample(random.Next(120), random.Next(90), [])).ToArray();

        foreach (var seed in Enumerable.Range(0, 20))
        {
            var batches = DistinctBatches.Plan(examples, 16, (ulong)seed);

            batches.SelectMany(batch => batch).Order().ShouldBe(Enumerable.Range(0, examples.Length));
            batches.ShouldAllBe(batch => batch.Length <= 16
                && batch.Select(place => examples[place].Positive).Distinct().Count() == batch.Length
                && batch.Select(place => examples[place].Query).Distinct().Count() == batch.Length);
            batches.Average(batch => batch.Length).ShouldBeGreaterThan(12);
        }
    }

    private static RetrieverTask Task(params (string Name, string Value)[] knobs)
    {
        var values = new HyperParameterValues(RetrieverSettings.HyperParameters, TinyPairs.Knobs(knobs));
        var files = TinyEncoder.Files();
        var embedder = SentenceEncoder.Load(files);
        var settings = RetrieverSettings.Read(values, embedder.Dimension, embedder.MaxTokens, seed: 1, threads: 2);
        var encoder = TrainableEncoder.Load(files, "tiny", settings.Tuning);
        var pairs = PreparedPairs.Prepare(
            TinyPairs.Run(files, new MemoryFiles()), encoder, embedder, settings.Mining, settings.PassageTokens, corpusPassages: 5, CancellationToken.None);
        return new RetrieverTask(encoder, VectorPooling.Of(embedder), pairs, settings, "");
    }

    /// <summary>So that no gradient is zero for a factor that begins at zero.</summary>
    private static void Disturb(RetrieverTask task)
    {
        var random = new Random(3);
        foreach (var value in task.Parameters)
        {
            for (var i = 0; i < value.Values.Length; i++)
            {
                value.Values[i] += (float)(0.2 * (random.NextDouble() - 0.5));
            }
        }
    }

    private static float[] Direction(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
