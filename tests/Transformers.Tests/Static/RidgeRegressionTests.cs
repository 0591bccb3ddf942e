using RagPlatform.Transformers.Static;

namespace RagPlatform.Transformers.Tests.Static;

public sealed class RidgeRegressionTests
{
    private const int Tokens = 30;
    private const int Width = 100;
    private const int Texts = 400;
    private const int Iterations = 60;

    private static readonly float[] Weights = [.. Enumerable.Range(0, Tokens).Select(id => 0.2f + (id % 7 * 0.1f))];

    [Fact]
    public void Solve_TargetsThatAreMeansOfATable_FindsTheTable()
    {
        var random = new Random(5);
        var shares = Sample(random);
        var table = Floats(random, shares.Tokens * Width);
        var targets = Means(shares, table);
        var found = Solve(shares, targets, 1e-6f, new float[table.Length], threads: 1);
        for (var i = 0; i < table.Length; i++)
        {
            found[i].ShouldBe(table[i], 2e-3f, $"number {i}");
        }
    }

    [Fact]
    public void Solve_AnyPenalty_LeavesNoSlope()
    {
        var random = new Random(6);
        var shares = Sample(random);
        var targets = Enumerable.Range(0, Texts).Select(_ => Floats(random, Width)).ToArray();
        var start = Floats(random, shares.Tokens * Width);
        var found = Solve(shares, targets, 0.3f, [.. start], threads: 1);

        // The derivative of the objective by every number: Sᵀ(S X − T) + penalty · (X − X₀).
        var slope = found.Zip(start, (now, before) => 0.3 * (now - before)).ToArray();
        var means = Means(shares, found);
        for (var text = 0; text < Texts; text++)
        {
            for (var entry = shares.Starts[text]; entry < shares.Starts[text + 1]; entry++)
            {
                for (var i = 0; i < Width; i++)
                {
                    slope[(shares.Columns[entry] * Width) + i] += shares.Shares[entry] * (means[text][i] - targets[text][i]);
                }
            }
        }

        slope.Max(Math.Abs).ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void Solve_HugePenalty_StaysWhereItBegins()
    {
        var random = new Random(7);
        var shares = Sample(random);
        var targets = Enumerable.Range(0, Texts).Select(_ => Floats(random, Width)).ToArray();
        var start = Floats(random, shares.Tokens * Width);
        Solve(shares, targets, 1e6f, [.. start], threads: 1).Zip(start, (now, before) => Math.Abs(now - before)).Max().ShouldBeLessThan(1e-3f);
    }

    [Fact]
    public void Solve_TargetsMetAlready_ChangesNothingAndIsNoNumberLess()
    {
        var shares = Sample(new Random(8));
        var targets = Enumerable.Range(0, Texts).Select(_ => new float[Width]).ToArray();
        Solve(shares, targets, 0.1f, new float[shares.Tokens * Width], threads: 1).ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Solve_AnyNumberOfThreads_GivesTheSameBits()
    {
        var random = new Random(9);
        var shares = Sample(random);
        var targets = Enumerable.Range(0, Texts).Select(_ => Floats(random, Width)).ToArray();
        var alone = Solve(shares, targets, 0.03f, new float[shares.Tokens * Width], threads: 1);
        Solve(shares, targets, 0.03f, new float[shares.Tokens * Width], threads: 4).ShouldBe(alone);
    }

    [Fact]
    public void Solve_Cancelled_Stops()
    {
        var shares = Sample(new Random(10));
        var targets = Enumerable.Range(0, Texts).Select(_ => new float[Width]).ToArray();
        var regression = new RidgeRegression(shares, targets, 0.1f);
        Should.Throw<OperationCanceledException>(() =>
            regression.Solve(new float[shares.Tokens * Width], Width, 1, 1, _ => { }, new CancellationToken(canceled: true)));
    }

    private static float[] Solve(TokenShares shares, float[][] targets, float penalty, float[] start, int threads)
    {
        new RidgeRegression(shares, targets, penalty).Solve(start, Width, Iterations, threads, _ => { }, CancellationToken.None);
        return start;
    }

    private static TokenShares Sample(Random random) => TokenShares.Of(
        [.. Enumerable.Range(0, Texts).Select(_ => Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(Tokens)).ToArray())], Weights);

    private static float[][] Means(TokenShares shares, float[] table) => [.. Enumerable.Range(0, shares.Texts).Select(text =>
    {
        var mean = new float[Width];
        for (var entry = shares.Starts[text]; entry < shares.Starts[text + 1]; entry++)
        {
            for (var i = 0; i < Width; i++)
            {
                mean[i] += shares.Shares[entry] * table[(shares.Columns[entry] * Width) + i];
            }
        }

        return mean;
    })];

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
