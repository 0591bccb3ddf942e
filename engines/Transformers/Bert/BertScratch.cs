using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Bert;

/// <summary>What one forward pass writes on its way, for up to maxRows tokens of all its texts. One pass at a time may use it.</summary>
internal sealed class BertScratch(BertConfig config, int maxRows, WeightPrecision precision)
{
    private float[][] workspaces = [];

    public int MaxRows => maxRows;

    /// <summary>[rows, hidden]: what goes from layer to layer.</summary>
    public LinearInput Hidden { get; } = new(maxRows, config.HiddenSize, precision);

    /// <summary>[rows, 3·hidden]: each token's query, key and value, each by head.</summary>
    public float[] QueryKeyValue { get; } = New(maxRows * 3 * config.HiddenSize);

    /// <summary>[rows, hidden]: what attention gathered, by head.</summary>
    public LinearInput Context { get; } = new(maxRows, config.HiddenSize, precision);

    /// <summary>[rows, hidden]: a block's output before it is added to its input.</summary>
    public float[] Output { get; } = New(maxRows * config.HiddenSize);

    /// <summary>[rows, intermediate].</summary>
    public LinearInput Intermediate { get; } = new(maxRows, config.IntermediateSize, precision);

    /// <summary>Makes room for the attention of texts of so many tokens on so many threads.</summary>
    public void ReserveAttention(int tokens, int threads)
    {
        var length = AttentionHead.WorkspaceLength(tokens, config.HeadSize);
        if (workspaces.Length < threads || workspaces[0].Length < length)
        {
            workspaces = [.. Enumerable.Range(0, threads).Select(_ => New(length))];
        }
    }

    /// <summary>[rows, ranks]: an adapter's t.</summary>
    public float[] LowRank { get; private set; } = [];

    /// <summary>Makes room for an adapter of so many ranks.</summary>
    public void ReserveLowRank(int ranks)
    {
        if (LowRank.Length < maxRows * ranks)
        {
            LowRank = New(maxRows * ranks);
        }
    }

    /// <summary>One thread's attention.</summary>
    public float[] Workspace(int thread) => workspaces[thread];

    private static float[] New(int length) => GC.AllocateUninitializedArray<float>(length);
}
