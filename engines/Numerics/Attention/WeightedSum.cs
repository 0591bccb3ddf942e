using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Attention;

/// <summary>C[rows, size] += P[rows, depth]·V[depth, size]: what attention gathers of values. Each element is summed in V's order.</summary>
/// <remarks>Of V, up to <see cref="AttentionHead.MarginFloats"/> numbers past the last row are read and not used.</remarks>
internal readonly unsafe struct WeightedSum(
    float* p, int pStride, float* v, int size, int depth, float* c, int cStride, int rows)
{
    private readonly float* p = p;
    private readonly float* v = v;
    private readonly float* c = c;

    public void Add<TLanes>()
        where TLanes : struct, ILanes<TLanes>
    {
        var panel = 2 * TLanes.Width;
        var part = stackalloc float[AttentionKernels.MaxRows * panel];
        for (var column = 0; column < size; column += panel)
        {
            var columns = Math.Min(panel, size - column);
            for (int row = 0, height; row < rows; row += height)
            {
                height = AttentionKernels.RowsAtOnce<TLanes>(rows - row);
                AttentionKernels.Run<TLanes>(height, p + (long)row * pStride, pStride, v + column, size, part, panel, depth);
                for (var i = 0; i < height; i++)
                {
                    VectorMath.Add<TLanes>(new Span<float>(c + (long)(row + i) * cStride + column, columns), new Span<float>(part + i * panel, columns));
                }
            }
        }
    }

    public void AddScalar()
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var sum = 0f;
                for (var k = 0; k < depth; k++)
                {
                    sum += p[(long)row * pStride + k] * v[(long)k * size + column];
                }
                c[(long)row * cStride + column] += sum;
            }
        }
    }
}
