using RagPlatform.Numerics.Attention;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>Attention over a cache against its definition in fp64, at every register width.</summary>
public sealed class CachedAttentionTests
{
    private const int KeyHeads = 2;
    private const float Sentinel = 12345f;

    public static TheoryData<int> PanelWidths => [1, 3 * Lanes128.Width, 3 * Lanes256.Width, 3 * Lanes512.Width];

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Attend_EveryAwkwardShape_EqualsTheDefinition(int panelWidth)
    {
        foreach (var headSize in new[] { 2, 8, 12, 16, 40, 64, 80 })
        {
            Check(panelWidth, headSize, firstPosition: 0, rows: 1);
            Check(panelWidth, headSize, firstPosition: 0, rows: 32);
            Check(panelWidth, headSize, firstPosition: 47, rows: 3);
        }
    }

    /// <summary>Where blocks of keys end, before, at and after.</summary>
    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Attend_AcrossBlocksOfKeys_EqualsTheDefinition(int panelWidth)
    {
        foreach (var (first, rows) in new[] { (382, 1), (383, 1), (384, 1), (360, 32), (383, 2), (384, 32), (767, 5), (1000, 7) })
        {
            Check(panelWidth, 16, first, rows);
        }
    }

    [Fact]
    public void Attend_OneQueryAlone_EqualsItAmongOthersBitForBit()
    {
        const int headSize = 24, first = 370, rows = 32;
        var (cache, queries, _, _) = Filled(PackedMatrix.MachinePanelWidth, headSize, first + rows);
        var together = new float[rows * headSize];
        Attend(queries, headSize, rows, first, cache, together, headSize);
        for (var row = 0; row < rows; row++)
        {
            var alone = new float[headSize];
            Attend(queries.AsSpan(row * headSize), headSize, 1, first + row, cache, alone, headSize);
            alone.ShouldBe(together[(row * headSize)..((row + 1) * headSize)], $"row {row}");
        }
    }

    [Fact]
    public void Attend_GarbageBeyondTheQuery_IsNotRead()
    {
        const int headSize = 16;
        var (cache, queries, _, _) = Filled(PackedMatrix.MachinePanelWidth, headSize, 60);
        var expected = new float[headSize];
        Attend(queries, headSize, 1, 40, cache, expected, headSize);
        var poison = Enumerable.Repeat(float.NaN, KeyHeads * headSize).ToArray();
        for (var position = 41; position < 60; position++)
        {
            cache.Store(position, poison, poison);
        }
        var actual = new float[headSize];
        Attend(queries, headSize, 1, 40, cache, actual, headSize);
        actual.ShouldBe(expected);
    }

    [Fact]
    public void Attend_ArgumentsThatDoNotFit_AreRefused()
    {
        var cache = new KeyValueCache(KeyHeads, 8, 50);
        var (q, c) = (new float[400], new float[400]);
        Should.Throw<ArgumentException>(() => Attend(q, 8, 33, 0, cache, c, 8));
        Should.Throw<ArgumentException>(() => Attend(q, 8, 2, 49, cache, c, 8));
        Should.Throw<ArgumentException>(() => Attend(q, 7, 2, 0, cache, c, 8));
        Should.Throw<ArgumentException>(() => Attend(new float[15], 8, 2, 0, cache, c, 8));
        Should.Throw<ArgumentException>(() => Attend(q, 8, 2, 0, cache, new float[15], 8));
        Should.Throw<ArgumentException>(() => cache.Store(50, new float[16], new float[16]));
        Should.Throw<ArgumentException>(() => cache.Store(0, new float[15], new float[16]));
    }

    private static void Check(int panelWidth, int headSize, int firstPosition, int rows)
    {
        var keys = firstPosition + rows;
        var (cache, queries, k, v) = Filled(panelWidth, headSize, keys);
        int queryStride = headSize + 5, contextStride = headSize + 3, head = 1;
        var strided = new float[rows * queryStride];
        for (var row = 0; row < rows; row++)
        {
            queries.AsSpan(row * headSize, headSize).CopyTo(strided.AsSpan(row * queryStride));
        }
        var context = Enumerable.Repeat(Sentinel, rows * contextStride).ToArray();
        Attend(strided, queryStride, rows, firstPosition, cache, context, contextStride);
        for (var row = 0; row < rows; row++)
        {
            var weights = Enumerable.Range(0, firstPosition + row + 1).Select(t => Math.Exp(0.7 * Enumerable.Range(0, headSize)
                .Sum(i => (double)queries[row * headSize + i] * k[t][head * headSize + i]))).ToArray();
            var sum = weights.Sum();
            for (var i = 0; i < contextStride; i++)
            {
                var expected = i < headSize ? weights.Select((weight, t) => weight / sum * v[t][head * headSize + i]).Sum() : Sentinel;
                if (Math.Abs(context[row * contextStride + i] - expected) > 1e-5)
                {
                    ((double)context[row * contextStride + i]).ShouldBe(expected, 1e-5, $"size {headSize}, first {firstPosition}, row {row}, component {i}");
                }
            }
        }
    }

    private static void Attend(ReadOnlySpan<float> queries, int queryStride, int rows, int first, KeyValueCache cache, Span<float> context, int contextStride) =>
        CachedAttention.Attend(queries, queryStride, rows, first, cache, 1, 0.7f, context, contextStride, new float[CachedAttention.ScratchLength]);

    private static (KeyValueCache Cache, float[] Queries, float[][] Keys, float[][] Values) Filled(int panelWidth, int headSize, int positions)
    {
        var cache = new KeyValueCache(KeyHeads, headSize, positions, panelWidth);
        var keys = Enumerable.Range(0, positions).Select(t => SeededRandom.Floats(t, KeyHeads * headSize)).ToArray();
        var values = Enumerable.Range(0, positions).Select(t => SeededRandom.Floats(-t - 1, KeyHeads * headSize)).ToArray();
        for (var t = 0; t < positions; t++)
        {
            cache.Store(t, keys[t], values[t]);
        }
        return (cache, SeededRandom.Floats(99, CachedAttention.MaxRows * headSize), keys, values);
    }
}
