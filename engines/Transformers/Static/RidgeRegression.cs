using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Static;

/// <summary>
/// Finds the token vectors X that make each text's mean of them nearest to its target, and that stay near where they
/// begin: the least Σ ‖(S X)ᵢ − targetᵢ‖² + penalty · ‖X − X₀‖², S the sample's shares. By conjugate gradients on the
/// normal equations, preconditioned by their diagonal (Hestenes and Stiefel 1952; Saad, "Iterative Methods for Sparse
/// Linear Systems", 2003, algorithm 9.1). Blocks of columns are problems of their own, so that threads share nothing and
/// the result does not depend on their number.
/// </summary>
internal sealed class RidgeRegression(TokenShares shares, IReadOnlyList<float[]> targets, float penalty)
{
    /// <summary>Columns that are solved for together: four cache lines of a token's vector.</summary>
    private const int BlockWidth = 64;

    private readonly float[] scales = InverseDiagonal(shares, penalty);

    /// <param name="vectors">[tokens, width], row-major: X₀, and X afterwards.</param>
    /// <param name="width">Length of the vectors and of the targets.</param>
    /// <param name="iterations">At least 1; a dozen is enough where the penalty is not tiny.</param>
    /// <param name="threads">At most so many blocks are worked on at a time; at least 1.</param>
    /// <param name="report">Told, from any thread, of every iteration of every block: its share of the whole.</param>
    /// <param name="cancellationToken">Looked at between iterations.</param>
    public void Solve(float[] vectors, int width, int iterations, int threads, Action<double> report, CancellationToken cancellationToken)
    {
        var blocks = (width + BlockWidth - 1) / BlockWidth;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, blocks, options, block =>
        {
            var start = block * BlockWidth;
            var columns = new Columns(start, Math.Min(BlockWidth, width - start));
            SolveBlock(vectors, width, columns, iterations, () => report(1.0 / (blocks * iterations)), cancellationToken);
        });
    }

    private void SolveBlock(float[] vectors, int width, Columns columns, int iterations, Action report, CancellationToken cancellationToken)
    {
        var solution = new float[shares.Tokens * columns.Count];
        for (var token = 0; token < shares.Tokens; token++)
        {
            vectors.AsSpan((token * width) + columns.Start, columns.Count).CopyTo(solution.AsSpan(token * columns.Count, columns.Count));
        }

        var residual = Residual(solution, columns);
        var direction = new float[residual.Length];
        var image = new float[residual.Length];
        var size = Precondition(residual, columns.Count, direction, before: float.PositiveInfinity);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Apply(direction, columns.Count, image);
            var curvature = VectorMath.Dot(direction, image);
            // Nothing is left to improve, as with targets that are met already.
            if (!(size > 0 && curvature > 0))
            {
                break;
            }

            VectorMath.AddScaled(solution, size / curvature, direction);
            VectorMath.AddScaled(residual, -size / curvature, image);
            size = Precondition(residual, columns.Count, direction, before: size);
            report();
        }

        for (var token = 0; token < shares.Tokens; token++)
        {
            solution.AsSpan(token * columns.Count, columns.Count).CopyTo(vectors.AsSpan((token * width) + columns.Start, columns.Count));
        }
    }

    /// <summary>Sᵀ(target − S X₀); the penalty adds nothing at X₀ itself.</summary>
    private float[] Residual(float[] solution, Columns columns)
    {
        var residual = new float[solution.Length];
        var missing = new float[columns.Count];
        for (var text = 0; text < shares.Texts; text++)
        {
            targets[text].AsSpan(columns.Start, columns.Count).CopyTo(missing);
            Gather(text, -1, solution, missing);
            Scatter(text, missing, residual);
        }

        return residual;
    }

    /// <summary>image = (SᵀS + penalty) · direction.</summary>
    private void Apply(float[] direction, int count, float[] image)
    {
        Array.Clear(image);
        VectorMath.AddScaled(image, penalty, direction);
        var mean = new float[count];
        for (var text = 0; text < shares.Texts; text++)
        {
            Array.Clear(mean);
            Gather(text, 1, direction, mean);
            Scatter(text, mean, image);
        }
    }

    /// <summary>direction = scaled residual + (size / before) · direction.</summary>
    /// <param name="before">The size that the residual had; infinite where there is no direction yet.</param>
    /// <returns>The residual's size in the scaled norm.</returns>
    private float Precondition(float[] residual, int count, float[] direction, float before)
    {
        var size = 0f;
        for (var token = 0; token < shares.Tokens; token++)
        {
            var row = residual.AsSpan(token * count, count);
            size += scales[token] * VectorMath.Dot(row, row);
        }

        VectorMath.Scale(direction, size / before);
        for (var token = 0; token < shares.Tokens; token++)
        {
            VectorMath.AddScaled(direction.AsSpan(token * count, count), scales[token], residual.AsSpan(token * count, count));
        }

        return size;
    }

    private void Gather(int text, float factor, float[] rows, Span<float> sum)
    {
        for (var entry = shares.Starts[text]; entry < shares.Starts[text + 1]; entry++)
        {
            VectorMath.AddScaled(sum, factor * shares.Shares[entry], rows.AsSpan(shares.Columns[entry] * sum.Length, sum.Length));
        }
    }

    private void Scatter(int text, ReadOnlySpan<float> row, float[] rows)
    {
        for (var entry = shares.Starts[text]; entry < shares.Starts[text + 1]; entry++)
        {
            VectorMath.AddScaled(rows.AsSpan(shares.Columns[entry] * row.Length, row.Length), shares.Shares[entry], row);
        }
    }

    private static float[] InverseDiagonal(TokenShares shares, float penalty)
    {
        var diagonal = Enumerable.Repeat(penalty, shares.Tokens).ToArray();
        for (var entry = 0; entry < shares.Columns.Length; entry++)
        {
            diagonal[shares.Columns[entry]] += shares.Shares[entry] * shares.Shares[entry];
        }

        return [.. diagonal.Select(value => 1 / value)];
    }

    private readonly record struct Columns(int Start, int Count);
}
