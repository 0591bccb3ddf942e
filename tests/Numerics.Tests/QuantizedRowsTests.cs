using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

public sealed class QuantizedRowsTests
{
    private delegate (float Scale, float Zero) Kernel(ReadOnlySpan<float> values, Span<byte> codes);

    public static TheoryData<string> Sets => ["512", "256", "128", "scalar"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Quantize_EveryLength_IsWithinHalfAStepOfTheValues(string set)
    {
        if (KernelOf(set) is not { } quantize)
        {
            return;
        }

        for (var length = 1; length <= 100; length++)
        {
            var values = SeededRandom.Floats(length, length, 5f);
            var codes = new byte[length];
            var (scale, zero) = quantize(values, codes);
            for (var i = 0; i < length; i++)
            {
                ((codes[i] - zero) * scale).ShouldBe(values[i], (scale / 2 * 1.01f) + 1e-6f, $"length {length}, value {i}");
            }

            var expected = new byte[length];
            QuantizedRows.QuantizeScalar(values, expected).ShouldBe((scale, zero));
            codes.ShouldBe(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Quantize_OneSidedValues_KeepZeroExact(string set)
    {
        if (KernelOf(set) is not { } quantize)
        {
            return;
        }

        var values = SeededRandom.Floats(1, 50).Select(Math.Abs).ToArray();
        values[3] = 0;
        var codes = new byte[50];
        var (_, zero) = quantize(values, codes);
        zero.ShouldBe(0);
        codes[3].ShouldBe((byte)0);
    }

    [Fact]
    public void Multiply_RowOfZeros_IsTheBias()
    {
        var rows = new QuantizedRows(1, 20);
        rows.Set(0, new float[20]);
        var matrix = new QuantizedMatrix(SeededRandom.Floats(1, 60), 20, 3);
        var product = new float[3];
        QuantizedMultiply.Multiply(rows, matrix, product, 3, 1, [1f, 2f, 3f], Activation.None, new PanelRange(0, matrix.Panels));
        product.ShouldBe([1f, 2f, 3f]);
    }

    [Fact]
    public void Multiply_NotANumberInARow_IsNotHidden()
    {
        var rows = new QuantizedRows(2, 20);
        rows.Set(0, [.. Enumerable.Range(0, 20).Select(i => i == 7 ? float.NaN : 1f)]);
        rows.Set(1, [.. Enumerable.Repeat(1f, 20)]);
        var matrix = new QuantizedMatrix(Enumerable.Repeat(1f, 20).ToArray(), 20, 1);
        var product = new float[2];
        QuantizedMultiply.Multiply(rows, matrix, product, 1, 2, [], Activation.None, new PanelRange(0, matrix.Panels));
        float.IsNaN(product[0]).ShouldBeTrue();
        product[1].ShouldBe(20f, 0.1f);
    }

    [Fact]
    public void Set_RowOfAnotherLength_IsRefused() =>
        Should.Throw<ArgumentException>(() => new QuantizedRows(1, 20).Set(0, new float[19])).Message.ShouldContain("20");

    private static Kernel? KernelOf(string set) => set switch
    {
        "512" => ByteLanes512.IsAccelerated ? QuantizedRows.Quantize<ByteLanes512, Lanes512> : null,
        "256" => ByteLanes256.IsAccelerated ? QuantizedRows.Quantize<ByteLanes256, Lanes256> : null,
        "128" => ByteLanes128.IsAccelerated ? QuantizedRows.Quantize<ByteLanes128, Lanes128> : null,
        _ => QuantizedRows.QuantizeScalar,
    };
}
