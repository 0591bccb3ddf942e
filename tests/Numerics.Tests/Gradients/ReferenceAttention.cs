namespace RagPlatform.Numerics.Tests.Gradients;

/// <summary>One head's attention straight from its definition, in fp64; queries, keys and values [tokens, size] one after the other.</summary>
internal sealed class ReferenceAttention(int tokens, int size, double scale, double[,] mask)
{
    /// <summary>[tokens, size].</summary>
    public double[] Context(double[] x)
    {
        var weights = Weights(x);
        return [.. Enumerable.Range(0, tokens * size).Select(i =>
            Enumerable.Range(0, tokens).Sum(other => weights[i / size, other] * mask[i / size, other] * Value(x, other, i % size)))];
    }

    /// <summary>Of Σ gradient·context, by the chain rule in its plainest form: of queries, keys and values.</summary>
    public double[] Gradient(double[] x, float[] gradient)
    {
        var weights = Weights(x);
        var result = new double[x.Length];
        for (var query = 0; query < tokens; query++)
        {
            var toWeights = Enumerable.Range(0, tokens).Select(other => mask[query, other]
                * Enumerable.Range(0, size).Sum(i => gradient[(query * size) + i] * Value(x, other, i))).ToArray();
            var mean = Enumerable.Range(0, tokens).Sum(other => weights[query, other] * toWeights[other]);
            for (var other = 0; other < tokens; other++)
            {
                var toScore = scale * weights[query, other] * (toWeights[other] - mean);
                for (var i = 0; i < size; i++)
                {
                    result[(query * size) + i] += toScore * x[((tokens + other) * size) + i];
                    result[((tokens + other) * size) + i] += toScore * x[(query * size) + i];
                    result[(((2 * tokens) + other) * size) + i] += weights[query, other] * mask[query, other] * gradient[(query * size) + i];
                }
            }
        }
        return result;
    }

    private double Value(double[] x, int token, int i) => x[(((2 * tokens) + token) * size) + i];

    private double[,] Weights(double[] x)
    {
        var weights = new double[tokens, tokens];
        for (var query = 0; query < tokens; query++)
        {
            var powers = Enumerable.Range(0, tokens).Select(other => Math.Exp(scale * Enumerable.Range(0, size).Sum(
                i => x[(query * size) + i] * x[((tokens + other) * size) + i]))).ToArray();
            for (var other = 0; other < tokens; other++)
            {
                weights[query, other] = powers[other] / powers.Sum();
            }
        }
        return weights;
    }
}
