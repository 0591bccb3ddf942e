using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Bert;

/// <summary>What one forward pass writes on its way, for up to maxTokens tokens. One pass at a time may use it.</summary>
internal sealed class BertScratch(BertConfig config, int maxTokens)
{
    /// <summary>[tokens, hidden]: what goes from layer to layer.</summary>
    public float[] Hidden { get; } = New(maxTokens, config.HiddenSize);

    /// <summary>[tokens, 3·hidden]: each token's query, key and value, each by head.</summary>
    public float[] QueryKeyValue { get; } = New(maxTokens, 3 * config.HiddenSize);

    /// <summary>[tokens, hidden]: what attention gathered, by head.</summary>
    public float[] Context { get; } = New(maxTokens, config.HiddenSize);

    /// <summary>[tokens, hidden]: a block's output before it is added to its input.</summary>
    public float[] Output { get; } = New(maxTokens, config.HiddenSize);

    /// <summary>[tokens, intermediate].</summary>
    public float[] Intermediate { get; } = New(maxTokens, config.IntermediateSize);

    /// <summary>[tokens, tokens]: one head's attention.</summary>
    public float[] Scores { get; } = New(maxTokens, maxTokens);

    /// <summary>One head's keys, transposed: [head, tokens].</summary>
    public PackedMatrix Keys { get; } = new(config.HeadSize, maxTokens);

    /// <summary>One head's values: [tokens, head].</summary>
    public PackedMatrix Values { get; } = new(maxTokens, config.HeadSize);

    private static float[] New(int rows, int columns) => GC.AllocateUninitializedArray<float>(checked(rows * columns));
}
