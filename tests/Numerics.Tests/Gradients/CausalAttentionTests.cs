using RagPlatform.Numerics.Gradients;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests.Gradients;

/// <summary>Attention in training: the scalar form against mathematics in fp64 and finite differences, the SIMD forms against the scalar.</summary>
public sealed class CausalAttentionTests
{
    private const int Margin = 5;

    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 2, 1 }, { 2, 4, 1 }, { 7, 8, 2 }, { 9, 6, 3 }, { 31, 16, 2 }, { 33, 64, 3 }, { 64, 32, 1 }, { 70, 40, 2 }, { 129, 64, 1 },
    };

    [Fact]
    public void Gradients_OfTheScalarForm_EqualFiniteDifferences()
    {
        var data = new Data(5, 4, 2);
        data.Forward(CausalAttention.ForwardScalar);
        data.Backward(lanes: 0);
        Differences.ShouldBeNear(data.Context, data.Exact(Array.ConvertAll(data.Rows, x => (double)x)), 1e-5, "context");
        Differences.ShouldBeNear(
            data.Gradient, Differences.Of(data.Rows, rows => Differences.Weigh(data.Exact(rows), data.ContextGradient)), 2e-5, "rows");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BothPasses_EveryWidth_EqualTheScalarForm(int tokens, int size, int group)
    {
        var expected = new Data(tokens, size, group);
        expected.Forward(CausalAttention.ForwardScalar);
        expected.Backward(lanes: 0);
        foreach (var width in new[] { Lanes128.IsAccelerated ? 4 : 0, Lanes256.IsAccelerated ? 8 : 0, Lanes512.IsAccelerated ? 16 : 0, -1 }.Where(width => width != 0))
        {
            var actual = new Data(tokens, size, group);
            actual.Forward(width switch
            {
                4 => CausalAttention.Forward<Lanes128>,
                8 => CausalAttention.Forward<Lanes256>,
                16 => CausalAttention.Forward<Lanes512>,
                _ => CausalAttention.Forward,
            });
            actual.Backward(width);
            Differences.ShouldBeNear(actual.Context, Array.ConvertAll(expected.Context, value => (double)value), 2e-5, $"context, {width} lanes");
            Differences.ShouldBeNear(actual.LogSums, Array.ConvertAll(expected.LogSums, value => (double)value), 2e-5, $"sums, {width} lanes");
            Differences.ShouldBeNear(actual.Gradient, Array.ConvertAll(expected.Gradient, value => (double)value), 1e-4, $"gradient, {width} lanes");
        }
    }

    private delegate void ForwardForm(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride, in CausalAttentionShape shape,
        Span<float> context, int contextStride, Span<float> logSums, Span<float> workspace);

    /// <summary>Rows of queries, keys, values and a few numbers that belong to nobody.</summary>
    private sealed class Data
    {
        private readonly CausalAttentionShape shape;
        private readonly int width;
        private readonly int stride;
        private readonly float[] workspace;

        public Data(int tokens, int size, int group)
        {
            shape = new CausalAttentionShape(tokens, size, group, 1 / MathF.Sqrt(size));
            width = group * size;
            stride = width + 2 * size + Margin;
            Rows = SeededRandom.Floats(tokens, tokens * stride, 2f);
            Context = new float[tokens * width];
            ContextGradient = SeededRandom.Floats(tokens + 1, tokens * width);
            LogSums = new float[group * tokens];
            Gradient = new float[Rows.Length];
            workspace = SeededRandom.Floats(3, shape.WorkspaceLength, 100f);
        }

        public float[] Rows { get; }

        public float[] Context { get; }

        public float[] ContextGradient { get; }

        public float[] LogSums { get; }

        public float[] Gradient { get; }

        public void Forward(ForwardForm form) =>
            form(Rows, Rows.AsSpan(width), Rows.AsSpan(width + shape.Size), stride, shape, Context, width, LogSums, workspace);

        public void Backward(int lanes)
        {
            Span<float> to = Gradient, keys = to[width..], values = to[(width + shape.Size)..];
            var from = new CausalAttention.Sources(
                Rows, Rows.AsSpan(width), Rows.AsSpan(width + shape.Size), stride, Context, ContextGradient, width, LogSums);
            switch (lanes)
            {
                case 0:
                    CausalAttention.BackwardScalar(from, shape, to, keys, values);
                    break;
                case 4:
                    CausalAttention.Backward<Lanes128>(from, shape, to, keys, values, workspace);
                    break;
                case 8:
                    CausalAttention.Backward<Lanes256>(from, shape, to, keys, values, workspace);
                    break;
                case 16:
                    CausalAttention.Backward<Lanes512>(from, shape, to, keys, values, workspace);
                    break;
                default:
                    CausalAttention.Backward(
                        Rows, Rows.AsSpan(width), Rows.AsSpan(width + shape.Size), stride, shape, Context, ContextGradient, width, LogSums, to, keys, values, workspace);
                    break;
            }
        }

        public double[] Exact(double[] rows)
        {
            var context = new double[Context.Length];
            for (var head = 0; head < shape.Group; head++)
            {
                for (var row = 0; row < shape.Tokens; row++)
                {
                    var weights = Enumerable.Range(0, row + 1).Select(i => Math.Exp(shape.Scale * Enumerable.Range(0, shape.Size).Sum(
                        c => rows[row * stride + head * shape.Size + c] * rows[i * stride + width + c]))).ToArray();
                    for (var c = 0; c < shape.Size; c++)
                    {
                        context[row * width + head * shape.Size + c] =
                            weights.Select((weight, i) => weight * rows[i * stride + width + shape.Size + c]).Sum() / weights.Sum();
                    }
                }
            }
            return context;
        }
    }
}
