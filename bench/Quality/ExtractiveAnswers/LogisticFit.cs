namespace RagPlatform.Bench.Quality.ExtractiveAnswers;

/// <summary>Logistic regression by Newton's method with a small ridge; the first weight is the bias.</summary>
internal static class LogisticFit
{
    private const int Iterations = 25;
    private const double Ridge = 1e-3;

    /// <param name="rows">Features of each example; all of the same length.</param>
    /// <returns>Bias, then one weight per feature.</returns>
    public static double[] Fit(IReadOnlyList<(double[] Features, bool IsPositive)> rows)
    {
        var size = rows[0].Features.Length + 1;
        var weights = new double[size];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var gradient = new double[size];
            var hessian = new double[size, size];
            foreach (var (features, isPositive) in rows)
            {
                var x = (double[])[1, .. features];
                var probability = 1 / (1 + Math.Exp(-Dot(weights, x)));
                for (var i = 0; i < size; i++)
                {
                    gradient[i] += ((isPositive ? 1 : 0) - probability) * x[i];
                    for (var j = 0; j < size; j++)
                    {
                        hessian[i, j] += probability * (1 - probability) * x[i] * x[j];
                    }
                }
            }

            for (var i = 0; i < size; i++)
            {
                gradient[i] -= Ridge * weights[i];
                hessian[i, i] += Ridge;
            }

            var step = Solve(hessian, gradient);
            for (var i = 0; i < size; i++)
            {
                weights[i] += step[i];
            }
        }

        return weights;
    }

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();

    /// <summary>Gaussian elimination with partial pivoting.</summary>
    private static double[] Solve(double[,] matrix, double[] vector)
    {
        var size = vector.Length;
        for (var column = 0; column < size; column++)
        {
            var pivot = Enumerable.Range(column, size - column).MaxBy(row => Math.Abs(matrix[row, column]));
            for (var j = 0; j < size; j++)
            {
                (matrix[column, j], matrix[pivot, j]) = (matrix[pivot, j], matrix[column, j]);
            }

            (vector[column], vector[pivot]) = (vector[pivot], vector[column]);
            for (var row = 0; row < size; row++)
            {
                if (row != column)
                {
                    var factor = matrix[row, column] / matrix[column, column];
                    for (var j = column; j < size; j++)
                    {
                        matrix[row, j] -= factor * matrix[column, j];
                    }

                    vector[row] -= factor * vector[column];
                }
            }
        }

        return [.. vector.Select((value, i) => value / matrix[i, i])];
    }
}
