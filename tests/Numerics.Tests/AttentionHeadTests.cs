using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>Every register width's attention against the scalar reference.</summary>
public sealed class AttentionHeadTests
{
    private const float Sentinel = 12345f;

    private delegate void Kernel(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride,
        int tokens, int size, float scale, Span<float> context, int contextStride, Span<float> workspace);

    public static TheoryData<string> Widths => ["512", "256", "128", "the machine's own"];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Attend_EveryAwkwardShape_EqualsScalar(string width)
    {
        if (KernelOf(width) is not { } attend)
        {
            return;
        }

        foreach (var tokens in new[] { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100 })
        {
            foreach (var size in new[] { 1, 7, 15, 16, 17, 31, 32, 33, 64, 80 })
            {
                Check(attend, tokens, size);
            }
        }
    }

    [Fact]
    public void Attend_OneKeyFarAboveTheOthers_TakesItsValue()
    {
        const int tokens = 20, size = 4;
        var (queries, keys, values) = (new float[tokens * size], new float[tokens * size], SeededRandom.Floats(1, tokens * size));
        Array.Fill(queries, 100f);
        keys.AsSpan(13 * size, size).Fill(100f);
        var context = new float[tokens * size];
        AttentionHead.Attend(queries, keys, values, size, tokens, size, 1f, context, size, new float[AttentionHead.WorkspaceLength(tokens, size)]);
        context[..size].ShouldBe(values[(13 * size)..(14 * size)], 1e-6);
    }

    [Fact]
    public void Attend_NotANumberInAKey_IsNotHidden()
    {
        const int tokens = 9, size = 16;
        var rows = SeededRandom.Floats(3, tokens * size);
        var keys = rows.ToArray();
        keys[5] = float.NaN;
        var context = new float[tokens * size];
        AttentionHead.Attend(rows, keys, rows, size, tokens, size, 1f, context, size, new float[AttentionHead.WorkspaceLength(tokens, size)]);
        context.ShouldAllBe(value => float.IsNaN(value));
    }

    [Fact]
    public void Attend_SpanOneShort_IsRefused() => Should.Throw<ArgumentException>(() => AttentionHead.Attend(
        new float[64], new float[64], new float[63], 8, 8, 8, 1f, new float[64], 8, new float[AttentionHead.WorkspaceLength(8, 8)]));

    private static void Check(Kernel attend, int tokens, int size)
    {
        int stride = size + 5, contextStride = size + 3;
        var (queries, keys, values) = (Rows(1), Rows(2), Rows(3));
        var expected = new float[tokens * contextStride];
        var actual = Enumerable.Repeat(Sentinel, expected.Length).ToArray();
        var workspace = Enumerable.Repeat(float.NaN, AttentionHead.WorkspaceLength(tokens, size)).ToArray();
        AttentionHead.AttendScalar(queries, keys, values, stride, tokens, size, 0.3f, expected, contextStride, new float[workspace.Length], default);
        attend(queries, keys, values, stride, tokens, size, 0.3f, actual, contextStride, workspace);
        for (var i = 0; i < actual.Length; i++)
        {
            var wanted = i % contextStride < size ? expected[i] : Sentinel;
            if (!(Math.Abs(actual[i] - wanted) <= 2e-5f))
            {
                actual[i].ShouldBe(wanted, 2e-5f, $"{tokens} tokens of {size}, element {i}");
            }
        }

        float[] Rows(int seed) => SeededRandom.Floats(seed + tokens, tokens * stride, 2f);
    }

    private static Kernel? KernelOf(string width) => width switch
    {
        "512" => Of<Lanes512>(),
        "256" => Of<Lanes256>(),
        "128" => Of<Lanes128>(),
        _ => AttentionHead.Attend,
    };

    private static Kernel? Of<TLanes>()
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.IsAccelerated
            ? (queries, keys, values, stride, tokens, size, scale, context, contextStride, workspace) => AttentionHead.Attend<TLanes>(
                queries, keys, values, stride, tokens, size, scale, context, contextStride, workspace, default)
            : null;
}
