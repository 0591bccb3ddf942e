using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Evaluation;

/// <summary>
/// Finds the least of a smooth convex loss: L-BFGS with backtracking (J. Nocedal and S. Wright, "Numerical Optimization",
/// 2006, algorithms 7.4, 7.5 and 3.1).
/// </summary>
internal static class LimitedMemoryBfgs
{
    private const int Memory = 10;
    private const int MaxIterations = 150;
    private const int MaxHalvings = 20;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Ends where an iteration gains less than this share of the loss.</summary>
    private const double LeastGain = 1e-6;

    /// <param name="weights">Where it begins, and what it finds.</param>
    /// <param name="lossAt">The loss at given weights; writes its gradient.</param>
    public static void Minimize(float[] weights, Func<float[], float[], double> lossAt)
    {
        var gradient = new float[weights.Length];
        var loss = lossAt(weights, gradient);
        var pairs = new LinkedList<(float[] Move, float[] Change, double Product)>();
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            var direction = Direction(gradient, pairs);
            var slope = (double)VectorMath.Dot(direction, gradient);
            if (!(slope < 0))
            {
                return;
            }

            var (moved, movedGradient) = (new float[weights.Length], new float[weights.Length]);
            var length = pairs.Count == 0 ? 1 / Math.Sqrt(-slope) : 1;
            var movedLoss = double.PositiveInfinity;
            for (var halving = 0; halving < MaxHalvings && !(movedLoss <= loss + (SufficientDecrease * length * slope)); halving++)
            {
                length /= halving == 0 ? 1 : 2;
                weights.CopyTo(moved, 0);
                VectorMath.AddScaled(moved, (float)length, direction);
                movedLoss = lossAt(moved, movedGradient);
            }

            if (!(movedLoss < loss))
            {
                return;
            }

            Remember(pairs, weights, moved, gradient, movedGradient);
            moved.CopyTo(weights, 0);
            var gain = loss - movedLoss;
            (gradient, loss) = (movedGradient, movedLoss);
            if (gain < LeastGain * loss)
            {
                return;
            }
        }
    }

    private static void Remember(LinkedList<(float[] Move, float[] Change, double Product)> pairs, float[] from, float[] to, float[] gradientFrom, float[] gradientTo)
    {
        float[] move = [.. to], change = [.. gradientTo];
        VectorMath.AddScaled(move, -1, from);
        VectorMath.AddScaled(change, -1, gradientFrom);
        var product = (double)VectorMath.Dot(move, change);
        // Without curvature along the move the pair would spoil the next directions.
        if (product > 1e-12)
        {
            pairs.AddLast((move, change, product));
        }

        if (pairs.Count > Memory)
        {
            pairs.RemoveFirst();
        }
    }

    /// <summary>Minus the inverse Hessian, as the remembered pairs tell it, times the gradient.</summary>
    private static float[] Direction(float[] gradient, LinkedList<(float[] Move, float[] Change, double Product)> pairs)
    {
        float[] direction = [.. gradient];
        var shares = new Stack<double>();
        for (var node = pairs.Last; node is not null; node = node.Previous)
        {
            var (move, change, product) = node.Value;
            var share = VectorMath.Dot(move, direction) / product;
            VectorMath.AddScaled(direction, (float)-share, change);
            shares.Push(share);
        }

        if (pairs.Last is { } last)
        {
            VectorMath.Scale(direction, (float)(last.Value.Product / VectorMath.Dot(last.Value.Change, last.Value.Change)));
        }

        for (var node = pairs.First; node is not null; node = node.Next)
        {
            var (move, change, product) = node.Value;
            VectorMath.AddScaled(direction, (float)(shares.Pop() - (VectorMath.Dot(change, direction) / product)), move);
        }

        VectorMath.Scale(direction, -1);
        return direction;
    }
}
