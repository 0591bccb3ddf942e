using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Training;

/// <summary>
/// The L2 norm of all gradients together, and what keeps it below a limit (Pascanu, Mikolov and Bengio 2013,
/// arXiv:1211.5063; as torch.nn.utils.clip_grad_norm_). Of sparse parameters only the touched rows are read.
/// </summary>
public static class GradientNorm
{
    /// <summary>Values that are added in fp32 before they go into a sum in double precision.</summary>
    private const int PieceValues = 4096;

    /// <summary>The sum's order is fixed: the same gradients give the same bits.</summary>
    /// <returns>NaN or infinite where a gradient is.</returns>
    public static double Of(IReadOnlyList<Parameter> parameters)
    {
        var sum = 0.0;
        foreach (var parameter in parameters)
        {
            if (!parameter.IsSparse)
            {
                sum += SumOfSquares(parameter.Gradient);
                continue;
            }

            foreach (var row in parameter.TouchedRows.Order())
            {
                sum += SumOfSquares(parameter.Gradient.AsSpan(row * parameter.Columns, parameter.Columns));
            }
        }

        return Math.Sqrt(sum);
    }

    /// <summary>What the gradients are to be multiplied with; 1 where their norm is not above the limit, or the limit is 0.</summary>
    /// <param name="norm">Of the gradients.</param>
    /// <param name="limit">Of the norm; 0 for none.</param>
    public static double ClipFactor(double norm, double limit) => limit > 0 && norm > limit ? limit / (norm + 1e-6) : 1;

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        for (var from = 0; from < values.Length; from += PieceValues)
        {
            var piece = values.Slice(from, Math.Min(PieceValues, values.Length - from));
            sum += VectorMath.Dot(piece, piece);
        }

        return sum;
    }
}
