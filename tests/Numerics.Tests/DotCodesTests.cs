using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>The int8 dot product of every instruction set that the machine has, against its scalar reference.</summary>
public sealed class DotCodesTests
{
    private delegate int Kernel(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right);

    public static TheoryData<string> Sets => ["VNNI", "512", "256", "128", "the machine's own"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void DotCodes_EveryLength_EqualsScalar(string set)
    {
        if (KernelOf(set) is not { } dot)
        {
            return;
        }

        foreach (var length in Enumerable.Range(0, 301).Concat([384, 768, 1024, 4096]))
        {
            var (left, right) = (Codes(length, length), Codes(length + 1, length));
            dot(left, right).ShouldBe(VectorMath.DotCodesScalar(left, right), $"length {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void DotCodes_ExtremeCodes_IsExact(string set)
    {
        if (KernelOf(set) is not { } dot)
        {
            return;
        }

        sbyte[] extremes = [sbyte.MinValue, -127, -1, 0, 1, 127];
        foreach (var (x, y) in extremes.SelectMany(x => extremes.Select(y => (x, y))))
        {
            var left = Enumerable.Repeat(x, VectorMath.MaxCodes - 1).ToArray();
            var right = Enumerable.Repeat(y, VectorMath.MaxCodes - 1).ToArray();
            dot(left, right).ShouldBe(x * y * (VectorMath.MaxCodes - 1), $"{x} · {y}");
        }
    }

    [Fact]
    public void DotCodes_DifferentLengthsOrTooLong_IsRefused()
    {
        Should.Throw<ArgumentException>(() => VectorMath.DotCodes(new sbyte[3], new sbyte[4])).Message.ShouldContain("4");
        Should.Throw<ArgumentException>(() => VectorMath.DotCodes(new sbyte[VectorMath.MaxCodes + 1], new sbyte[VectorMath.MaxCodes + 1]));
    }

    private static Kernel? KernelOf(string set) => set switch
    {
        "VNNI" => Of<CodeLanesVnni>(),
        "512" => Of<CodeLanes512>(),
        "256" => Of<CodeLanes256>(),
        "128" => Of<CodeLanes128>(),
        _ => VectorMath.DotCodes,
    };

    private static Kernel? Of<TLanes>()
        where TLanes : struct, ICodeLanes<TLanes> =>
        TLanes.IsAccelerated ? VectorMath.DotCodes<TLanes> : null;

    private static sbyte[] Codes(int seed, int count)
    {
        var codes = new byte[count];
        new Random(seed).NextBytes(codes);
        return Array.ConvertAll(codes, code => (sbyte)code);
    }
}
