using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

public sealed class MatrixMultiplyTests
{
    private const float Sentinel = 12345f;

    public static TheoryData<int> PanelWidths => [1, 3 * Lanes128.Width, 3 * Lanes256.Width, 3 * Lanes512.Width];

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Multiply_EveryAwkwardShape_EqualsTheDefinition(int panelWidth)
    {
        foreach (var rows in new[] { 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 17 })
        {
            foreach (var depth in new[] { 1, 2, 7, 32, 33 })
            {
                foreach (var columns in new[] { 1, 11, 12, 13, 23, 24, 25, 47, 48, 49, 97 })
                {
                    Check(rows, depth, columns, panelWidth, transposed: (rows & 1) == 0);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Multiply_ShapesAcrossEveryBlockBorder_EqualsTheDefinition(int panelWidth)
    {
        Check(rows: 127, depth: 383, columns: 50, panelWidth, transposed: true);
        Check(rows: 129, depth: 385, columns: 48, panelWidth, transposed: false);
        Check(rows: 261, depth: 800, columns: 29, panelWidth, transposed: true);
    }

    [Fact]
    public void Multiply_OneRowAlone_EqualsThatRowAmongOthersBitForBit()
    {
        var a = SeededRandom.Floats(1, 21 * 90);
        var b = new PackedMatrix(90, 70);
        b.Pack(SeededRandom.Floats(2, 90 * 70), 90, 70, 1, 90);
        var all = new float[21 * 70];
        MatrixMultiply.Multiply(a, 90, b, all, 70, 21);
        for (var row = 0; row < 21; row++)
        {
            var alone = new float[70];
            MatrixMultiply.Multiply(a.AsSpan(row * 90), 90, b, alone, 70, 1);
            alone.ShouldBe(all[(row * 70)..((row + 1) * 70)]);
        }
    }

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Multiply_WithBiasAndGelu_IsTheActivationOfTheSum(int panelWidth)
    {
        foreach (var (rows, depth, columns) in new[] { (1, 5, 1), (9, 33, 47), (5, 400, 97), (130, 385, 49) })
        {
            var (a, bias) = (SeededRandom.Floats(rows, rows * depth), SeededRandom.Floats(columns, columns));
            var b = new PackedMatrix(depth, columns, panelWidth);
            b.Pack(SeededRandom.Floats(depth, depth * columns, 0.2f), depth, columns, columns, 1);
            var expected = new float[rows * columns];
            MatrixMultiply.Multiply(a, depth, b, expected, columns, rows);
            for (var i = 0; i < expected.Length; i++)
            {
                expected[i] += bias[i % columns];
            }

            VectorMath.GeluScalar(expected);
            var actual = new float[rows * columns];
            for (var part = 0; part < 3; part++)
            {
                MatrixMultiply.Multiply(a, depth, b, actual, columns, rows, bias, Activation.Gelu, PanelRange.Part(b.Panels, part, 3));
            }

            actual.ShouldBe(expected, 1e-5);
        }
    }

    [Fact]
    public void Multiply_PanelsOrBiasOfAnotherMatrix_AreRefused()
    {
        var b = new PackedMatrix(8, 12);
        b.Pack(new float[96], 8, 12, 12, 1);
        Should.Throw<ArgumentException>(() => MatrixMultiply.Multiply(new float[8], 8, b, new float[12], 12, 1, new float[11], Activation.None, new PanelRange(0, b.Panels)));
        Should.Throw<ArgumentException>(() => MatrixMultiply.Multiply(new float[8], 8, b, new float[12], 12, 1, [], Activation.None, new PanelRange(0, b.Panels + 1)));
    }

    [Fact]
    public void Pack_SmallerShapeIntoTheSameStorage_LeavesNothingOfTheLargerOne()
    {
        var matrix = new PackedMatrix(40, 100);
        matrix.Pack(SeededRandom.Floats(1, 4000), 40, 100, 100, 1);
        var source = SeededRandom.Floats(2, 9 * 10);
        matrix.Pack(source, 9, 10, 10, 1);
        var a = SeededRandom.Floats(3, 9);
        var actual = new float[10];
        MatrixMultiply.Multiply(a, 9, matrix, actual, 10, 1);
        for (var column = 0; column < 10; column++)
        {
            actual[column].ShouldBe(Enumerable.Range(0, 9).Sum(k => a[k] * source[k * 10 + column]), 1e-5f);
        }
    }

    [Fact]
    public void Pack_ShapeBeyondTheRoom_IsRefused() =>
        Should.Throw<ArgumentException>(() => new PackedMatrix(4, 4).Pack(new float[4000], 40, 100, 100, 1));

    [Fact]
    public void Pack_SourceTooShort_IsRefused() =>
        Should.Throw<ArgumentException>(() => new PackedMatrix(4, 4).Pack(new float[15], 4, 4, 4, 1));

    [Theory]
    [InlineData(31, 48)]
    [InlineData(32, 47)]
    public void Multiply_SpanOneElementShort_IsRefused(int aLength, int cLength)
    {
        var b = new PackedMatrix(8, 12);
        b.Pack(new float[96], 8, 12, 12, 1);
        Should.Throw<ArgumentException>(() => MatrixMultiply.Multiply(new float[aLength], 8, b, new float[cLength], 12, 4));
    }

    [Fact]
    public void Multiply_StrideBelowTheWidth_IsRefused()
    {
        var b = new PackedMatrix(8, 12);
        b.Pack(new float[96], 8, 12, 12, 1);
        Should.Throw<ArgumentException>(() => MatrixMultiply.Multiply(new float[99], 7, b, new float[99], 12, 4));
        Should.Throw<ArgumentException>(() => MatrixMultiply.Multiply(new float[99], 8, b, new float[99], 11, 4));
    }

    private static void Check(int rows, int depth, int columns, int panelWidth, bool transposed)
    {
        int aStride = depth + 3, cStride = columns + 2;
        var a = SeededRandom.Floats(rows, rows * aStride);
        var b = SeededRandom.Floats(columns, depth * columns);
        var c = Enumerable.Repeat(Sentinel, rows * cStride).ToArray();
        var (depthStride, columnStride) = transposed ? (1, depth) : (columns, 1);
        var packed = new PackedMatrix(depth, columns, panelWidth);
        packed.Pack(b, depth, columns, depthStride, columnStride);

        MatrixMultiply.Multiply(a, aStride, packed, c, cStride, rows);

        var tolerance = 2e-6 * depth + 1e-6;
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < cStride; column++)
            {
                double expected = 0;
                for (var k = 0; k < depth && column < columns; k++)
                {
                    expected += (double)a[row * aStride + k] * b[k * depthStride + column * columnStride];
                }
                expected = column < columns ? expected : Sentinel;
                if (Math.Abs(c[row * cStride + column] - expected) > tolerance)
                {
                    c[row * cStride + column].ShouldBe(
                        (float)expected, (float)tolerance, $"[{rows}, {depth}, {columns}] at ({row}, {column})");
                }
            }
        }
    }
}
