using RagPlatform.Numerics.Gradients;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests.Gradients;

public sealed class AttentionGradientTests
{
    private const float Scale = 0.6f;

    public static TheoryData<float> Probabilities => [0f, 0.4f];

    [Theory]
    [MemberData(nameof(Probabilities))]
    public void Reference_Gradient_EqualsFiniteDifferences(float probability)
    {
        var x = SeededRandom.Floats(1, 3 * 5 * 3);
        var gradient = SeededRandom.Floats(2, 5 * 3);
        var reference = new ReferenceAttention(5, 3, Scale, Mask(5, probability));
        var expected = Differences.Of(x, values => Differences.Weigh(reference.Context(values), gradient));
        var actual = reference.Gradient(Array.ConvertAll(x, value => (double)value), gradient);
        Differences.ShouldBeNear([.. actual.Select(value => (float)value)], expected, 1e-6, "x");
    }

    [Theory]
    [MemberData(nameof(Probabilities))]
    public void Apply_EveryNumberOfTokens_EqualsTheReference(float probability)
    {
        foreach (var tokens in Enumerable.Range(1, 41).Concat([63, 64, 65, 100, 129]))
        {
            Check(tokens, size: 8, probability);
        }
        foreach (var size in new[] { 1, 3, 16, 31, 32, 33, 48, 64, 80 })
        {
            Check(tokens: 9, size, probability);
        }
    }

    [Fact]
    public void Attend_WithDropout_IsTheMaskedReference()
    {
        foreach (var tokens in new[] { 1, 7, 32, 50 })
        {
            const int size = 12;
            var (x, dropout) = (SeededRandom.Floats(tokens, 3 * tokens * size), new AttentionDropout(0.3f, 77, 2, 19, 5));
            var expected = new ReferenceAttention(tokens, size, Scale, Mask(tokens, 0.3f)).Context(Array.ConvertAll(x, value => (double)value));
            var context = new float[tokens * size];
            AttentionHead.Attend(
                x, x.AsSpan(tokens * size), x.AsSpan(2 * tokens * size), size, tokens, size, Scale, context, size,
                new float[AttentionHead.WorkspaceLength(tokens, size)], dropout);
            Differences.ShouldBeNear(context, expected, 1e-5, $"{tokens} tokens");
        }
    }

    [Fact]
    public void Apply_SpanTooShort_IsRefused() =>
        Should.Throw<ArgumentException>(() => AttentionGradient.Apply(
            new float[10], new float[12], new float[12], 4, 3, 4, Scale, new float[12], 4, new float[12], new float[12], new float[12],
            new float[AttentionGradient.WorkspaceLength(3, 4)], default));

    private static void Check(int tokens, int size, float probability)
    {
        var x = SeededRandom.Floats(tokens, 3 * tokens * size);
        var gradient = SeededRandom.Floats(size, tokens * size);
        var expected = new ReferenceAttention(tokens, size, Scale, Mask(tokens, probability)).Gradient(Array.ConvertAll(x, value => (double)value), gradient);
        var what = $"{tokens} tokens of {size}";
        Differences.ShouldBeNear(Run<Lanes128>(x, gradient, tokens, size, probability), expected, 3e-5, what + ", 4 lanes");
        if (Lanes256.IsAccelerated)
        {
            Differences.ShouldBeNear(Run<Lanes256>(x, gradient, tokens, size, probability), expected, 3e-5, what + ", 8 lanes");
        }
        if (Lanes512.IsAccelerated)
        {
            Differences.ShouldBeNear(Run<Lanes512>(x, gradient, tokens, size, probability), expected, 3e-5, what + ", 16 lanes");
        }
    }

    /// <summary>In place and with rows apart from each other, as an encoder's queries, keys and values lie.</summary>
    private static float[] Run<TLanes>(float[] x, float[] gradient, int tokens, int size, float probability)
        where TLanes : struct, ILanes<TLanes>
    {
        var stride = (3 * size) + 2;
        var rows = new float[tokens * stride];
        for (var i = 0; i < x.Length; i++)
        {
            rows[(i / size % tokens * stride) + (i / (tokens * size) * size) + (i % size)] = x[i];
        }
        var (q, k, v) = (rows.AsMemory(), rows.AsMemory(size), rows.AsMemory(2 * size));
        var workspace = Enumerable.Repeat(float.NaN, AttentionGradient.WorkspaceLength(tokens, size)).ToArray();
        AttentionGradient.Apply<TLanes>(
            q.Span, k.Span, v.Span, stride, tokens, size, Scale, gradient, size, q.Span, k.Span, v.Span, workspace, new AttentionDropout(probability, 77, 2, 19, 5));
        return [.. Enumerable.Range(0, x.Length).Select(i => rows[(i / size % tokens * stride) + (i / (tokens * size) * size) + (i % size)])];
    }

    private static double[,] Mask(int tokens, float probability)
    {
        var mask = new double[tokens, tokens];
        for (var row = 0; row < tokens; row++)
        {
            var kept = Enumerable.Repeat(1f, tokens).ToArray();
            Dropout.Apply(kept, probability, Dropout.Stream(77, 2, 19, 5 + row));
            for (var i = 0; i < tokens; i++)
            {
                mask[row, i] = kept[i];
            }
        }
        return mask;
    }
}
