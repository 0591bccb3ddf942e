using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;
using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>What one layer's forward pass keeps for its backward pass, for all rows of a batch.</summary>
internal sealed class LayerBuffers
{
    /// <summary>[rows, 3·hidden]: queries, keys and values; their gradients once attention's backward pass has been here.</summary>
    public float[] QueryKeyValue = [];

    /// <summary>[rows, hidden]: what attention gathered.</summary>
    public float[] Context = [];

    /// <summary>[rows, hidden]: attention's block with its input, before its norm.</summary>
    public float[] AttentionSum = [];

    /// <summary>[rows, hidden]: after its norm.</summary>
    public float[] AttentionNormed = [];

    /// <summary>[rows, intermediate]: before GELU; after it, once the backward pass has been here.</summary>
    public float[] Wide = [];

    /// <summary>[rows, hidden]: the second block with its input, before its norm.</summary>
    public float[] OutputSum = [];

    /// <summary>[rows, hidden]: the layer's output.</summary>
    public float[] Output = [];

    /// <summary>[rows, ranks] for each of the four linear layers: the adapters' t.</summary>
    public float[][] LowRank = [[], [], [], []];
}

/// <summary>What a thread writes for itself.</summary>
internal sealed class ThreadBuffers
{
    /// <summary>[group's rows, intermediate].</summary>
    public float[] Wide = [];

    /// <summary>[group's rows, intermediate].</summary>
    public float[] Dropped = [];

    /// <summary>[group's rows, ranks]: the adapters' dt.</summary>
    public float[] LowRank = [];

    public float[] Attention = [];

    public float[] Multiply = [];
}

/// <summary>The memory of one pass, forward and backward; grown as needed and used again.</summary>
internal sealed class EncoderBuffers
{
    /// <summary>[rows, hidden]: the sum of the embeddings, before its norm.</summary>
    public float[] EmbeddingSum = [];

    /// <summary>[rows, hidden]: the first layer's input.</summary>
    public float[] Embedded = [];

    /// <summary>[rows, hidden]: the gradient that goes from layer to layer.</summary>
    public float[] Gradient = [];

    /// <summary>[rows, hidden]: of the second block before its dropout and sum.</summary>
    public float[] OutputGradient = [];

    /// <summary>[rows, hidden]: of attention's block before its dropout and sum.</summary>
    public float[] AttentionGradient = [];

    /// <summary>[rows, intermediate].</summary>
    public float[] WideGradient = [];

    /// <summary>[groups, share].</summary>
    public float[] Shares = [];

    public LayerBuffers[] Layers { get; private set; } = [];

    public ThreadBuffers[] Threads { get; private set; } = [];

    /// <param name="config">The encoder's shape.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="rows">Of all texts.</param>
    /// <param name="keep">A backward pass follows: each layer has memory of its own.</param>
    public void ReserveForward(BertConfig config, TrainableLayer[] layers, int rows, bool keep)
    {
        var width = config.HiddenSize;
        if (Layers.Length == 0)
        {
            Layers = keep ? [.. layers.Select(_ => new LayerBuffers())] : [.. Enumerable.Repeat(new LayerBuffers(), layers.Length)];
        }
        Reserve(ref EmbeddingSum, rows * width);
        Reserve(ref Embedded, rows * width);
        foreach (var (layer, buffers) in layers.Zip(Layers))
        {
            Reserve(ref buffers.QueryKeyValue, rows * 3 * width);
            Reserve(ref buffers.Context, rows * width);
            Reserve(ref buffers.AttentionSum, rows * width);
            Reserve(ref buffers.AttentionNormed, rows * width);
            Reserve(ref buffers.Wide, rows * config.IntermediateSize);
            Reserve(ref buffers.OutputSum, rows * width);
            Reserve(ref buffers.Output, rows * width);
            for (var i = 0; i < buffers.LowRank.Length; i++)
            {
                Reserve(ref buffers.LowRank[i], rows * layer.Linears[i].Ranks);
            }
        }
    }

    public void ReserveBackward(BertConfig config, int rows, int shares)
    {
        Reserve(ref Gradient, rows * config.HiddenSize);
        Reserve(ref OutputGradient, rows * config.HiddenSize);
        Reserve(ref AttentionGradient, rows * config.HiddenSize);
        Reserve(ref WideGradient, rows * config.IntermediateSize);
        Reserve(ref Shares, shares);
    }

    public void ReserveThreads(BertConfig config, int threads, int groupRows, int longest, int ranks)
    {
        if (Threads.Length < threads)
        {
            Threads = [.. Threads, .. Enumerable.Range(Threads.Length, threads - Threads.Length).Select(_ => new ThreadBuffers())];
        }
        var widest = Math.Max(config.IntermediateSize, config.HiddenSize);
        var attention = Math.Max(AttentionHead.WorkspaceLength(longest, config.HeadSize), Numerics.Gradients.AttentionGradient.WorkspaceLength(longest, config.HeadSize));
        foreach (var thread in Threads)
        {
            Reserve(ref thread.Wide, groupRows * widest);
            Reserve(ref thread.Dropped, groupRows * widest);
            Reserve(ref thread.LowRank, groupRows * ranks);
            Reserve(ref thread.Attention, attention);
            Reserve(ref thread.Multiply, TransposedMultiply.WorkspaceLength);
        }
    }

    private static void Reserve(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<float>(length);
        }
    }
}
