namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>The linear layers of an encoder layer that a low-rank adapter can change.</summary>
public enum EncoderTarget
{
    Query,
    Key,
    Value,
    AttentionOutput,
    Intermediate,
    Output,
}

/// <summary>
/// A low-rank adapter (Hu et al. 2021, arXiv:2106.09685): y += (alpha / rank)·B·A·dropout(x), with A [rank, inputs] begun as PEFT
/// begins it, uniform within ±1/√inputs, and B [outputs, rank] at 0. Layers on the same input share its dropout.
/// </summary>
/// <param name="Rank">From 1 to 512.</param>
/// <param name="Alpha">Above 0; twice the rank is usual.</param>
/// <param name="Dropout">On the input, from 0 to below 1.</param>
/// <param name="Targets">At least one.</param>
/// <param name="Seed">Of A's beginning.</param>
public sealed record EncoderLora(int Rank, float Alpha, float Dropout, IReadOnlyList<EncoderTarget> Targets, ulong Seed)
{
    public const int MaxRank = 512;

    /// <summary>Every linear layer.</summary>
    public static IReadOnlyList<EncoderTarget> AllTargets { get; } = Enum.GetValues<EncoderTarget>();

    internal float Scale => Alpha / Rank;

    internal static void ThrowIfInvalid(EncoderLora lora)
    {
        if (lora.Rank is < 1 or > MaxRank)
        {
            throw new ArgumentException($"LoRA's rank is {lora.Rank}; it is from 1 to {MaxRank}.", nameof(lora));
        }
        if (!(lora.Alpha > 0) || !float.IsFinite(lora.Alpha))
        {
            throw new ArgumentException($"LoRA's alpha is {lora.Alpha}; it must be above 0.", nameof(lora));
        }
        if (lora.Dropout is not (>= 0 and < 1))
        {
            throw new ArgumentException($"LoRA's dropout is {lora.Dropout}; it is from 0 to below 1.", nameof(lora));
        }
        if (lora.Targets.Count == 0 || lora.Targets.Distinct().Count() != lora.Targets.Count || lora.Targets.Any(target => !Enum.IsDefined(target)))
        {
            throw new ArgumentException($"LoRA's targets are [{string.Join(", ", lora.Targets)}]; at least one is needed, each once.", nameof(lora));
        }
    }
}

/// <summary>What of an encoder is trained: all of it, or an adapter beside weights that stay.</summary>
/// <param name="Lora">The adapter; null for all of the encoder.</param>
/// <param name="Dropout">On the embeddings, on each block's output and on the attention weights, as BERT is trained; from 0 to below 1.</param>
public sealed record EncoderTuning(EncoderLora? Lora, float Dropout)
{
    public static EncoderTuning Full(float dropout) => new(null, dropout);

    public static EncoderTuning LowRank(EncoderLora lora, float dropout) => new(lora, dropout);

    internal static void ThrowIfInvalid(EncoderTuning tuning)
    {
        if (tuning.Dropout is not (>= 0 and < 1))
        {
            throw new ArgumentException($"The dropout is {tuning.Dropout}; it is from 0 to below 1.", nameof(tuning));
        }
        if (tuning.Lora is { } lora)
        {
            EncoderLora.ThrowIfInvalid(lora);
        }
    }
}
