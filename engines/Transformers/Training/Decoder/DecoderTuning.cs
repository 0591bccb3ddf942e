namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>What of a decoder is trained: everything, or low-rank pairs beside its linear layers (Hu et al. 2021, arXiv:2106.09685).</summary>
public sealed record DecoderTuning
{
    /// <summary>The linear layers of a decoder layer, as Hugging Face names them.</summary>
    public static IReadOnlyList<string> AllTargets { get; } = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>Every weight is trained, the token embeddings, the norms and the biases among them.</summary>
    public static DecoderTuning Full { get; } = new() { Rank = 0 };

    /// <summary>Of the pairs, from 1 to 1024; 0 trains every weight instead.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>The pairs' products are multiplied by alpha / rank, or by alpha / √rank where they are rank-stabilised. Above 0.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>
    /// Share of the pairs' inputs that is left out in training, from 0 to below 1. Layers that read the same input, such as queries,
    /// keys and values, leave out the same.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>Kalajdzievski 2023, arXiv:2312.03732.</summary>
    public bool RankStabilised { get; init; }

    /// <summary>Which linear layers have pairs; of <see cref="AllTargets"/>, at least one.</summary>
    public IReadOnlyList<string> Targets { get; init; } = AllTargets;

    public bool IsFull => Rank == 0;

    internal float Scale => (float)(Alpha / (RankStabilised ? Math.Sqrt(Rank) : Rank));

    /// <summary>What is out of its range, with the range; null when nothing is.</summary>
    internal string? Problem() =>
        IsFull ? null
        : Rank is < 1 or > 1024 ? $"Rank is {Rank}; it must be from 1 to 1024."
        : !(Alpha > 0) || !double.IsFinite(Alpha) ? $"Alpha is {Alpha}; it must be above 0."
        : Dropout is not (>= 0 and < 1) ? $"Dropout is {Dropout}; it must be from 0 to below 1."
        : Targets.Count == 0 || Targets.Except(AllTargets).Any()
            ? $"Targets are '{string.Join(", ", Targets)}'; they must be of {string.Join(", ", AllTargets)}, at least one."
        : null;
}
