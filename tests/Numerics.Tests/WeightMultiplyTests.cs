using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>Products with weights in every storage, at every register width.</summary>
public sealed class WeightMultiplyTests
{
    private const float Sentinel = 12345f;

    public static TheoryData<int, ElementType> Storages()
    {
        var data = new TheoryData<int, ElementType>();
        foreach (var width in new[] { 1, 3 * Lanes128.Width, 3 * Lanes256.Width, 3 * Lanes512.Width })
        {
            foreach (var type in Enum.GetValues<ElementType>())
            {
                data.Add(width, type);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void Multiply_EveryAwkwardShape_EqualsTheDefinition(int panelWidth, ElementType type)
    {
        foreach (var rows in new[] { 1, 2, 3, 4, 5, 8, 9, 17 })
        {
            foreach (var inputs in new[] { 1, 7, 33 })
            {
                foreach (var outputs in new[] { 1, 11, 12, 13, 24, 47, 48, 49, 97 })
                {
                    Check(rows, inputs, outputs, panelWidth, type, accumulate: (outputs & 1) == 0);
                }
            }
        }
        Check(rows: 3, inputs: 383, outputs: 50, panelWidth, type, accumulate: true);
        Check(rows: 9, inputs: 385, outputs: 48, panelWidth, type, accumulate: false);
        Check(rows: 1, inputs: 800, outputs: 29, panelWidth, type, accumulate: true);
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.BFloat16)]
    public void Multiply_OneRowAlone_EqualsThatRowAmongOthersBitForBit(ElementType type)
    {
        const int rows = 13, inputs = 801, outputs = 100;
        var x = SeededRandom.Floats(1, rows * inputs);
        var (w, _) = Matrix(2, outputs, inputs, PackedMatrix.MachinePanelWidth, type);
        var all = new float[rows * outputs];
        Multiply(x, inputs, w, all, outputs, rows, accumulate: false);
        for (var row = 0; row < rows; row++)
        {
            var alone = new float[outputs];
            Multiply(x.AsSpan(row * inputs), inputs, w, alone, outputs, 1, accumulate: false);
            alone.ShouldBe(all[(row * outputs)..((row + 1) * outputs)]);
        }
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void CopyRow_EveryRow_IsTheWeights(int panelWidth, ElementType type)
    {
        var (w, values) = Matrix(3, 61, 19, panelWidth, type);
        for (var row = 0; row < 61; row++)
        {
            var copy = new float[19];
            w.CopyRow(row, copy);
            copy.ShouldBe(values[(row * 19)..((row + 1) * 19)]);
        }
        Should.Throw<ArgumentOutOfRangeException>(() => w.CopyRow(61, new float[19]));
        Should.Throw<ArgumentOutOfRangeException>(() => w.CopyRow(0, new float[18]));
    }

    [Fact]
    public void Arguments_ThatDoNotFit_AreRefused()
    {
        Should.Throw<ArgumentException>(() => new WeightMatrix(new float[5], 2, 3));
        Should.Throw<ArgumentException>(() => new WeightMatrix(new ushort[5], ElementType.Float16, 2, 3));
        Should.Throw<ArgumentException>(() => new WeightMatrix(new ushort[6], ElementType.Float32, 2, 3));
        var w = new WeightMatrix(new float[6], 2, 3);
        var scratch = new float[WeightMultiply.ScratchLength];
        Should.Throw<ArgumentException>(() => WeightMultiply.Multiply(new float[5], 3, w, 0, new float[4], 2, 2, false, scratch));
        Should.Throw<ArgumentException>(() => WeightMultiply.Multiply(new float[6], 3, w, 0, new float[3], 2, 2, false, scratch));
        Should.Throw<ArgumentException>(() => WeightMultiply.Multiply(new float[6], 2, w, 0, new float[4], 2, 2, false, scratch));
        Should.Throw<ArgumentException>(() => WeightMultiply.Multiply(new float[6], 3, w, w.Panels, new float[4], 2, 2, false, scratch));
        Should.Throw<ArgumentException>(() => WeightMultiply.Multiply(new float[6], 3, w, 0, new float[4], 2, 2, false, scratch.AsSpan(1)));
    }

    private static void Check(int rows, int inputs, int outputs, int panelWidth, ElementType type, bool accumulate)
    {
        int xStride = inputs + 3, yStride = outputs + 2;
        var x = SeededRandom.Floats(rows, rows * xStride);
        var (w, values) = Matrix(outputs, outputs, inputs, panelWidth, type);
        var y = Enumerable.Repeat(Sentinel, rows * yStride).ToArray();
        Multiply(x, xStride, w, y, yStride, rows, accumulate);
        var start = accumulate ? Sentinel : 0;
        // fp32 around the sentinel has a step of 0.001.
        var tolerance = 2e-6 * inputs + (accumulate ? 2e-3 : 1e-6);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < yStride; column++)
            {
                double expected = column < outputs ? start : Sentinel;
                for (var k = 0; k < inputs && column < outputs; k++)
                {
                    expected += (double)x[row * xStride + k] * values[column * inputs + k];
                }
                if (Math.Abs(y[row * yStride + column] - expected) > tolerance)
                {
                    y[row * yStride + column].ShouldBe(
                        (float)expected, (float)tolerance, $"[{rows}, {inputs}, {outputs}] at ({row}, {column})");
                }
            }
        }
    }

    private static void Multiply(ReadOnlySpan<float> x, int xStride, WeightMatrix w, Span<float> y, int yStride, int rows, bool accumulate)
    {
        var scratch = new float[WeightMultiply.ScratchFor(w.PanelWidth)];
        for (var panel = 0; panel < w.Panels; panel++)
        {
            WeightMultiply.Multiply(x, xStride, w, panel, y, yStride, rows, accumulate, scratch);
        }
    }

    /// <summary>The matrix, and the values that its storage really holds.</summary>
    private static (WeightMatrix Matrix, float[] Values) Matrix(int seed, int outputs, int inputs, int panelWidth, ElementType type)
    {
        var values = SeededRandom.Floats(seed, outputs * inputs);
        if (type == ElementType.Float32)
        {
            return (new WeightMatrix(values, outputs, inputs, panelWidth), values);
        }
        var bits = Array.ConvertAll(values, value => type == ElementType.Float16
            ? BitConverter.HalfToUInt16Bits((Half)value)
            : (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
        return (new WeightMatrix(bits, type, outputs, inputs, panelWidth), Array.ConvertAll(bits, value => type == ElementType.Float16
            ? (float)BitConverter.UInt16BitsToHalf(value)
            : BitConverter.UInt32BitsToSingle((uint)value << 16)));
    }
}
