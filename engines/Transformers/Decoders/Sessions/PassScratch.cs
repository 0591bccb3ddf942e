using RagPlatform.Numerics;
using RagPlatform.Numerics.Attention;

namespace RagPlatform.Transformers.Decoders;

/// <summary>What one pass writes on its way, for up to <paramref name="maxRows"/> tokens.</summary>
internal sealed class PassScratch(DecoderConfig config, int maxRows, int loraRank, int threads)
{
    private static readonly int ThreadLength = Math.Max(WeightMultiply.ScratchLength, CachedAttention.ScratchLength);

    private readonly float[] threadScratch = New(threads, ThreadLength);

    public int[] Ids { get; } = new int[maxRows];

    /// <summary>[rows, hidden]: what goes from layer to layer.</summary>
    public float[] Hidden { get; } = New(maxRows, config.HiddenSize);

    /// <summary>[rows, hidden], normalised.</summary>
    public float[] Normed { get; } = New(maxRows, config.HiddenSize);

    /// <summary>[rows, queries then keys then values], each by head.</summary>
    public float[] QueryKeyValue { get; } = New(maxRows, config.QuerySize + 2 * config.KeySize);

    /// <summary>[rows, heads]: what attention gathered.</summary>
    public float[] Context { get; } = New(maxRows, config.QuerySize);

    /// <summary>[rows, gate then up].</summary>
    public float[] GateUp { get; } = New(maxRows, 2 * config.IntermediateSize);

    /// <summary>[rows, rank]: an adapter's narrow part.</summary>
    public float[] Lora { get; } = New(maxRows, loraRank);

    /// <summary>[rows, head / 2].</summary>
    public float[] Cosines { get; } = New(maxRows, config.HeadSize / 2);

    /// <summary>[rows, head / 2].</summary>
    public float[] Sines { get; } = New(maxRows, config.HeadSize / 2);

    public Span<float> ForThread(int thread) => threadScratch.AsSpan(thread * ThreadLength, ThreadLength);

    private static float[] New(int rows, int columns) => GC.AllocateUninitializedArray<float>(checked(rows * columns));
}
