using RagPlatform.Numerics.Gradients;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests.Gradients;

/// <summary>The gradients of y = x·Wᵀ + b: dX = dY·W, dW = dYᵀ·X, db = Σ dY.</summary>
public sealed class LinearGradientTests
{
    [Fact]
    public void Linear_AllThreeGradients_EqualFiniteDifferences()
    {
        const int rows = 5, inputs = 7, outputs = 6;
        var (x, w, b) = (SeededRandom.Floats(1, rows * inputs), SeededRandom.Floats(2, outputs * inputs), SeededRandom.Floats(3, outputs));
        var dy = SeededRandom.Floats(4, rows * outputs);
        float[] dx = new float[rows * inputs], dw = new float[outputs * inputs], db = new float[outputs];
        var packed = new PackedMatrix(outputs, inputs);
        packed.Pack(w, outputs, inputs, inputs, 1);
        MatrixMultiply.Multiply(dy, outputs, packed, dx, inputs, rows);
        TransposedMultiply.Add(dy, outputs, x, inputs, rows, dw, inputs, outputs, inputs, new float[TransposedMultiply.WorkspaceLength]);
        ColumnSums.Add(dy, outputs, rows, db);
        Differences.ShouldBeNear(dx, Differences.Of(x, values => Loss(values, Doubles(w), Doubles(b))), 1e-5, "x");
        Differences.ShouldBeNear(dw, Differences.Of(w, values => Loss(Doubles(x), values, Doubles(b))), 1e-5, "w");
        Differences.ShouldBeNear(db, Differences.Of(b, values => Loss(Doubles(x), Doubles(w), values)), 1e-5, "b");

        double Loss(double[] xs, double[] ws, double[] bs) => Differences.Weigh(Enumerable.Range(0, rows * outputs).Select(i =>
            bs[i % outputs] + Enumerable.Range(0, inputs).Sum(k => xs[(i / outputs * inputs) + k] * ws[(i % outputs * inputs) + k])), dy);
    }

    [Fact]
    public void TransposedMultiply_AwkwardShapes_AddsTheDefinitionAndLeavesTheRest()
    {
        foreach (var depth in new[] { 0, 1, 3, 383, 384, 385, 800 })
        {
            foreach (var (rows, columns) in new[] { (1, 1), (3, 12), (4, 24), (5, 25), (7, 47), (8, 48), (9, 49), (13, 97), (16, 385) })
            {
                Check<Lanes128>(depth, rows, columns);
                if (Lanes256.IsAccelerated)
                {
                    Check<Lanes256>(depth, rows, columns);
                }
                if (Lanes512.IsAccelerated)
                {
                    Check<Lanes512>(depth, rows, columns);
                }
            }
        }
    }

    [Fact]
    public void TransposedMultiply_APartOfC_HasTheBitsOfTheWhole()
    {
        const int depth = 900, rows = 40, columns = 100;
        var (a, b) = (SeededRandom.Floats(1, depth * rows), SeededRandom.Floats(2, depth * columns));
        float[] whole = new float[rows * columns], parts = new float[rows * columns], workspace = new float[TransposedMultiply.WorkspaceLength];
        TransposedMultiply.Add(a, rows, b, columns, depth, whole, columns, rows, columns, workspace);
        foreach (var (first, count) in new[] { (0, 11), (11, 8), (19, 21) })
        {
            TransposedMultiply.Add(a.AsSpan(first), rows, b, columns, depth, parts.AsSpan(first * columns), columns, count, columns, workspace);
        }
        parts.ShouldBe(whole);
    }

    [Fact]
    public void TransposedMultiply_ShortSpans_AreRefused()
    {
        var workspace = new float[TransposedMultiply.WorkspaceLength];
        Should.Throw<ArgumentException>(() => TransposedMultiply.Add(new float[5], 2, new float[9], 3, 3, new float[6], 3, 2, 3, workspace));
        Should.Throw<ArgumentException>(() => TransposedMultiply.Add(new float[6], 2, new float[8], 3, 3, new float[6], 3, 2, 3, workspace));
        Should.Throw<ArgumentException>(() => TransposedMultiply.Add(new float[6], 2, new float[9], 3, 3, new float[5], 3, 2, 3, workspace));
        Should.Throw<ArgumentException>(() => TransposedMultiply.Add(new float[6], 2, new float[9], 3, 3, new float[6], 3, 2, 3, new float[10]));
    }

    [Fact]
    public void MatrixMultiplyAdd_ToWhatIsThere_IsItsSum()
    {
        foreach (var (rows, depth, columns) in new[] { (1, 5, 3), (9, 400, 50), (130, 33, 97) })
        {
            var a = SeededRandom.Floats(1, rows * depth);
            var packed = new PackedMatrix(depth, columns);
            packed.Pack(SeededRandom.Floats(2, depth * columns), depth, columns, columns, 1);
            float[] product = new float[rows * columns], sum = SeededRandom.Floats(3, rows * columns);
            float[] before = [.. sum];
            MatrixMultiply.Multiply(a, depth, packed, product, columns, rows);
            MatrixMultiply.Add(a, depth, packed, sum, columns, rows);
            sum.ShouldBe(before.Zip(product, (left, right) => left + right), 1e-4);
        }
    }

    private static void Check<TLanes>(int depth, int rows, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        int aStride = rows + 1, bStride = columns + 2, cStride = columns + 3;
        var (a, b, c) = (SeededRandom.Floats(depth, (depth * aStride) + 1), SeededRandom.Floats(rows, (depth * bStride) + 1), SeededRandom.Floats(columns, rows * cStride));
        float[] expected = [.. c];
        TransposedMultiply.AddScalar(a, aStride, b, bStride, depth, expected, cStride, rows, columns);
        var workspace = Enumerable.Repeat(float.NaN, TransposedMultiply.WorkspaceFor(3 * TLanes.Width)).ToArray();
        TransposedMultiply.Add<TLanes>(a, aStride, b, bStride, depth, c, cStride, rows, columns, workspace);
        c.ShouldBe(expected, 1e-4, $"{TLanes.Width} lanes, [{depth}, {rows}]ᵀ·[{depth}, {columns}]");
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
