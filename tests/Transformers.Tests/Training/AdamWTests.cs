using System.Text.Json;
using RagPlatform.Transformers.Training;

namespace RagPlatform.Transformers.Tests.Training;

public class AdamWTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void Step_TwentyTimes_EqualsPyTorch(bool isSparse, int threads)
    {
        var expected = JsonSerializer.Deserialize<Run>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Training", "Reference", "adamw.json")), Web)!;
        Parameter[] parameters =
        [
            new("matrix", expected.Values[0], 7, decays: true),
            new("bias", expected.Values[1], 11, decays: false),
            new("embeddings", expected.Values[2], 4, decays: true, isSparse),
        ];
        var optimizer = new AdamW(parameters, new AdamWSettings(WeightDecay: expected.Decay), threads);
        var schedule = new LearningRateSchedule(expected.Peak, LearningRateDecay.Linear, 0, expected.Steps.Count);
        foreach (var step in expected.Steps)
        {
            foreach (var parameter in parameters)
            {
                parameter.ClearGradient();
            }

            step.Gradients[0].CopyTo(parameters[0].Gradient, 0);
            step.Gradients[1].CopyTo(parameters[1].Gradient, 0);
            foreach (var (row, index) in step.Rows.Select((row, index) => (row, index)))
            {
                parameters[2].Touch(row);
                step.Gradients[2].AsSpan(index * 4, 4).CopyTo(parameters[2].Gradient.AsSpan(row * 4));
            }

            var norm = GradientNorm.Of(parameters);
            norm.ShouldBe(step.Norm, step.Norm * 1e-6);
            optimizer.Step(schedule.At(optimizer.Steps + 1), GradientNorm.ClipFactor(norm, expected.Limit));
            optimizer.Settle();
            for (var i = 0; i < 3; i++)
            {
                ShouldBeNear(parameters[i].Values, step.Values[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Step_SparseRowsThatSleepAndWake_EqualDenseTraining()
    {
        const int Rows = 12, Columns = 19, Steps = 900;
        var random = new Random(3);
        var start = Enumerable.Range(0, Rows * Columns).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var dense = new Parameter("dense", [.. start], Columns, decays: true);
        var sparse = new Parameter("sparse", [.. start], Columns, decays: true, isSparse: true);
        var settings = new AdamWSettings(WeightDecay: 0.05);
        var (denseOptimizer, sparseOptimizer) = (new AdamW([dense], settings, 1), new AdamW([sparse], settings, 2));
        for (var step = 1; step <= Steps; step++)
        {
            dense.ClearGradient();
            sparse.ClearGradient();
            // Row r is touched every 60·r steps: the first stay awake, the last sleep for hundreds, row 0 is never touched.
            foreach (var row in Enumerable.Range(1, Rows - 1).Where(row => step % (60 * row) == row))
            {
                sparse.Touch(row);
                for (var i = row * Columns; i < (row + 1) * Columns; i++)
                {
                    dense.Gradient[i] = sparse.Gradient[i] = (float)(random.NextDouble() - 0.5);
                }
            }

            var rate = 1e-2 * (1 - ((double)step / Steps));
            denseOptimizer.Step(rate);
            sparseOptimizer.Step(rate);
        }

        sparseOptimizer.Settle();
        ShouldBeNear(sparse.Values, dense.Values, 2e-5);
        sparse.Values.ShouldNotBe(start);
    }

    [Fact]
    public void Step_AnyNumberOfThreads_SameBits()
    {
        float[] Train(int threads)
        {
            var random = new Random(11);
            var parameter = new Parameter("matrix", [.. Enumerable.Range(0, 40_007).Select(_ => (float)random.NextDouble())], 40_007, decays: true);
            var optimizer = new AdamW([parameter], new AdamWSettings(), threads);
            for (var step = 0; step < 3; step++)
            {
                for (var i = 0; i < parameter.Gradient.Length; i++)
                {
                    parameter.Gradient[i] = (float)random.NextDouble() - 0.5f;
                }

                optimizer.Step(1e-3, 0.7);
            }

            return parameter.Values;
        }

        Train(4).ShouldBe(Train(1));
    }

    [Fact]
    public void Update_EveryLength_EqualsScalarReference()
    {
        var settings = new AdamWSettings(WeightDecay: 0.1);
        var step = new AdamWStep(1e-2, 0.5, 1 - Math.Pow(0.9, 3), 1 - Math.Pow(0.999, 3));
        for (var length = 0; length <= 70; length++)
        {
            var random = new Random(length);
            float[] Draw(double low, double high) => [.. Enumerable.Range(0, length).Select(_ => (float)(low + (random.NextDouble() * (high - low))))];
            var (values, gradient, mean, square) = (Draw(-1, 1), Draw(-1, 1), Draw(-0.1, 0.1), Draw(0, 0.01));
            var expected = values.Select((value, i) =>
            {
                var g = gradient[i] * 0.5;
                var m = (0.9 * mean[i]) + (0.1 * g);
                var v = (0.999 * square[i]) + (0.001 * g * g);
                return (float)((value * (1 - (1e-2 * 0.1))) - (1e-2 * (m / step.Correction1) / (Math.Sqrt(v / step.Correction2) + 1e-8)));
            }).ToArray();
            new AdamWKernel(settings, step, rateFactor: 1, decays: true).Update(values, gradient, mean, square);
            ShouldBeNear(values, expected, 2e-6);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Restore_InTheMiddle_GoesOnBitEqual(bool isSparse)
    {
        const int Rows = 9, Columns = 6;
        Parameter New() => new("table", [.. Enumerable.Range(0, Rows * Columns).Select(i => MathF.Sin(i))], Columns, decays: true, isSparse);
        void Train(Parameter parameter, AdamW optimizer, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                parameter.ClearGradient();
                var row = (step * step) % (step < 300 ? 3 : Rows);
                parameter.Touch(row);
                for (var i = 0; i < Columns; i++)
                {
                    parameter.Gradient[(row * Columns) + i] = MathF.Cos(step + i);
                }

                optimizer.Step(1e-2);
            }
        }

        var whole = New();
        Train(whole, new AdamW([whole], new AdamWSettings(), 1), 0, 600);

        var first = New();
        var before = new AdamW([first], new AdamWSettings(), 1);
        Train(first, before, 0, 310);
        using var saved = new MemoryStream();
        before.Save(new BinaryWriter(saved));
        saved.Position = 0;
        var second = New();
        first.Values.CopyTo(second.Values, 0);
        var after = new AdamW([second], new AdamWSettings(), 2);
        // What it did before must be forgotten.
        after.Step(0);
        after.Restore(new BinaryReader(saved));
        saved.Position.ShouldBe(saved.Length);
        Train(second, after, 310, 600);
        second.Values.ShouldBe(whole.Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Restore_OtherParameterOrTooShort_IsRefused(bool isSparse)
    {
        using var saved = new MemoryStream();
        var optimizer = new AdamW([new Parameter("a", new float[12], 3, decays: true, isSparse)], new AdamWSettings(), 1);
        optimizer.Step(1e-3);
        optimizer.Save(new BinaryWriter(saved));

        var other = new AdamW([new Parameter("a", new float[15], 3, decays: true, isSparse)], new AdamWSettings(), 1);
        saved.Position = 0;
        Should.Throw<InvalidDataException>(() => other.Restore(new BinaryReader(saved)));

        using var cut = new MemoryStream(saved.ToArray()[..^1]);
        Should.Throw<EndOfStreamException>(() => optimizer.Restore(new BinaryReader(cut)));
    }

    private static void ShouldBeNear(float[] actual, float[] expected, double tolerance)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            ((double)actual[i]).ShouldBe(expected[i], tolerance * Math.Max(Math.Abs(expected[i]), 1e-3), $"value {i}");
        }
    }

    private sealed record Run(double Peak, double Limit, double Decay, float[][] Values, IReadOnlyList<StepOf> Steps);

    private sealed record StepOf(float[][] Gradients, int[] Rows, double Norm, float[][] Values);
}
