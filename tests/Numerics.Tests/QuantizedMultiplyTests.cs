using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>The product of small whole numbers on every instruction set that the machine has, against its definition.</summary>
public sealed class QuantizedMultiplyTests
{
    private const float Sentinel = 12345f;

    public static TheoryData<string> Kernels => [.. Enum.GetNames<ByteKernel>()];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Multiply_EveryAwkwardShape_EqualsTheProductOfWhatTheCodesMean(string name)
    {
        if (Machine(name) is not { } kernel)
        {
            return;
        }

        foreach (var rows in new[] { 1, 2, 3, 4, 5, 6, 7, 9 })
        {
            foreach (var depth in new[] { 1, 3, 4, 31, 32, 33, 50, 96 })
            {
                foreach (var columns in new[] { 1, 11, 12, 13, 24, 25, 47, 48, 49, 97 })
                {
                    Check(kernel, rows, depth, columns, exact: (rows + depth) % 2 == 0);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Multiply_LargestCodesEverywhere_DoesNotOverflow(string name)
    {
        if (Machine(name) is not { } kernel)
        {
            return;
        }

        foreach (var (weight, odd) in new[] { (8f, 8f), (-8f, 8f), (1f, 1.0001f), (-1f, -1.0001f) })
        {
            const int depth = 256;
            // An odd weight that is no multiple of a step makes the matrix a rounded one, with codes up to 32.
            var weights = Enumerable.Range(0, depth).Select(k => k == 0 ? odd : weight).ToArray();
            var matrix = new QuantizedMatrix(weights, depth, 1, kernel);
            var rows = new QuantizedRows(4, depth);
            for (var row = 0; row < 4; row++)
            {
                rows.Set(row, Enumerable.Repeat(3f, depth).ToArray());
            }

            var product = new float[4];
            QuantizedMultiply.Multiply(rows, matrix, product, 1, 4, [], Activation.None, new PanelRange(0, matrix.Panels));
            var expected = 3 * weights.Sum();
            product.ShouldAllBe(value => Math.Abs(value - expected) < 1e-3 * Math.Abs(expected));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Multiply_OneRowAlone_EqualsThatRowAmongOthersBitForBit(string name)
    {
        if (Machine(name) is not { } kernel)
        {
            return;
        }

        const int depth = 70, columns = 55;
        var matrix = new QuantizedMatrix(SeededRandom.Floats(1, depth * columns), depth, columns, kernel);
        var values = SeededRandom.Floats(2, 11 * depth);
        var all = Product(matrix, values, 11, new PanelRange(0, matrix.Panels));
        for (var row = 0; row < 11; row++)
        {
            Product(matrix, values[(row * depth)..((row + 1) * depth)], 1, new PanelRange(0, matrix.Panels)).ShouldBe(all[(row * columns)..((row + 1) * columns)]);
        }
    }

    [Fact]
    public void Multiply_PartsOfTheColumns_TogetherAreTheWhole()
    {
        var matrix = new QuantizedMatrix(SeededRandom.Floats(1, 40 * 200), 40, 200);
        var values = SeededRandom.Floats(2, 3 * 40);
        var whole = Product(matrix, values, 3, new PanelRange(0, matrix.Panels));
        var rows = Rows(values, 3, 40);
        var parts = new float[3 * 200];
        for (var part = 0; part < 3; part++)
        {
            QuantizedMultiply.Multiply(rows, matrix, parts, 200, 3, [], Activation.None, PanelRange.Part(matrix.Panels, part, 3));
        }

        parts.ShouldBe(whole);
    }

    [Fact]
    public void QuantizedMatrix_MultiplesOfAStep_AreKeptExactly()
    {
        var random = new Random(5);
        var steps = Enumerable.Range(0, 6).Select(_ => random.NextSingle() * 0.1f).ToArray();
        var weights = Enumerable.Range(0, 2 * 96).Select(i => random.Next(-8, 8) * steps[i / 32]).ToArray();
        var matrix = new QuantizedMatrix(weights, 96, 2);
        matrix.IsExact.ShouldBeTrue();
        new QuantizedMatrix([.. weights.Select((weight, i) => i == 100 ? weight + 0.003f : weight)], 96, 2).IsExact.ShouldBeFalse();
    }

    [Fact]
    public void Multiply_ShapesThatDoNotFit_AreRefused()
    {
        var matrix = new QuantizedMatrix(new float[40], 8, 5);
        var rows = new QuantizedRows(2, 8);
        var all = new PanelRange(0, matrix.Panels);
        Should.Throw<ArgumentException>(() => QuantizedMultiply.Multiply(new QuantizedRows(2, 9), matrix, new float[10], 5, 2, [], Activation.None, all));
        Should.Throw<ArgumentException>(() => QuantizedMultiply.Multiply(rows, matrix, new float[9], 5, 2, [], Activation.None, all));
        Should.Throw<ArgumentException>(() => QuantizedMultiply.Multiply(rows, matrix, new float[15], 5, 3, [], Activation.None, all));
        Should.Throw<ArgumentException>(() => QuantizedMultiply.Multiply(rows, matrix, new float[10], 5, 2, new float[4], Activation.None, all));
        Should.Throw<ArgumentException>(() => QuantizedMultiply.Multiply(rows, matrix, new float[10], 5, 2, [], Activation.None, new PanelRange(0, matrix.Panels + 1)));
        Should.Throw<ArgumentException>(() => new QuantizedMatrix(new float[39], 8, 5));
    }

    private static void Check(ByteKernel kernel, int rows, int depth, int columns, bool exact)
    {
        var random = new Random(rows + depth + columns);
        var weights = exact
            ? [.. Enumerable.Range(0, depth * columns).Select(i => random.Next(-8, 9) * 0.037f)]
            : SeededRandom.Floats(columns, depth * columns);
        var matrix = new QuantizedMatrix(weights, depth, columns, kernel);
        var values = SeededRandom.Floats(rows, rows * depth, 3f);
        var bias = SeededRandom.Floats(7, columns);
        var cStride = columns + 2;
        var actual = Enumerable.Repeat(Sentinel, rows * cStride).ToArray();
        QuantizedMultiply.Multiply(Rows(values, rows, depth), matrix, actual, cStride, rows, bias, Activation.Gelu, new PanelRange(0, matrix.Panels));

        // The scalar reference on the scalar layout, whose own correctness is the test below.
        var scalar = new QuantizedMatrix(weights, depth, columns, ByteKernel.Scalar);
        var expected = new float[rows * columns];
        QuantizedMultiply.Multiply(Rows(values, rows, depth), scalar, expected, columns, rows, bias, Activation.Gelu, new PanelRange(0, scalar.Panels));
        for (var i = 0; i < actual.Length; i++)
        {
            var (row, column) = (i / cStride, i % cStride);
            var wanted = column < columns ? expected[(row * columns) + column] : Sentinel;
            if (!(Math.Abs(actual[i] - wanted) <= 2e-4f))
            {
                actual[i].ShouldBe(wanted, 2e-4f, $"[{rows}, {depth}, {columns}] at ({row}, {column}), exact {exact}");
            }
        }
    }

    [Theory]
    [InlineData(true, 0.003)]
    [InlineData(false, 0.015)]
    public void Multiply_AgainstFp32_IsAsNearAsTheCodesAllow(bool exact, double relativeError)
    {
        const int rows = 6, depth = 384, columns = 96;
        var random = new Random(1);
        var weights = exact
            ? [.. Enumerable.Range(0, depth * columns).Select(_ => random.Next(-8, 8) * 0.01f)]
            : SeededRandom.Floats(1, depth * columns);
        var values = SeededRandom.Floats(2, rows * depth);
        var matrix = new QuantizedMatrix(weights, depth, columns, ByteKernel.Scalar);
        var actual = Product(matrix, values, rows, new PanelRange(0, matrix.Panels));
        double error = 0, size = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            var expected = VectorMath.DotScalar(values.AsSpan(i / columns * depth, depth), weights.AsSpan(i % columns * depth, depth));
            error += Math.Pow(actual[i] - expected, 2);
            size += expected * expected;
        }

        Math.Sqrt(error / size).ShouldBeLessThan(relativeError * 1.5);
    }

    private static float[] Product(QuantizedMatrix matrix, float[] values, int rows, PanelRange panels)
    {
        var product = new float[rows * matrix.Columns];
        QuantizedMultiply.Multiply(Rows(values, rows, matrix.Depth), matrix, product, matrix.Columns, rows, [], Activation.None, panels);
        return product;
    }

    private static QuantizedRows Rows(float[] values, int count, int depth)
    {
        var rows = new QuantizedRows(count, depth);
        for (var row = 0; row < count; row++)
        {
            rows.Set(row, values.AsSpan(row * depth, depth));
        }

        return rows;
    }

    private static ByteKernel? Machine(string name)
    {
        var kernel = Enum.Parse<ByteKernel>(name);
        var runs = kernel switch
        {
            ByteKernel.Avx512 => ByteLanes512.IsAccelerated,
            ByteKernel.AvxVnni => ByteLanesVnni.IsAccelerated,
            ByteKernel.Avx2 => ByteLanes256.IsAccelerated,
            ByteKernel.Neon => ByteLanes128.IsAccelerated,
            _ => true,
        };
        return runs ? kernel : null;
    }
}
