namespace RagPlatform.FineTuneJobs.Adapters.Gates;

/// <summary>A threshold of the gate: its default and range. A project may set it; the defaults are the same for all methods.</summary>
/// <param name="Name">Also of its check.</param>
/// <param name="Default">Where the project sets none.</param>
/// <param name="Min">Of its range.</param>
/// <param name="Max">Of its range.</param>
/// <param name="Meaning">For people.</param>
public sealed record GateLimit(string Name, double Default, double Min, double Max, string Meaning)
{
    public const string GainOverMajority = "min_gain_over_majority";
    public const string GainOverNearestNeighbour = "min_gain_over_nearest_neighbour";
    public const string MacroF1 = "min_macro_f1";
    public const string SlotF1 = "min_slot_f1";
    public const string SchemaValidity = "min_schema_validity";
    public const string CalibrationError = "max_ece";
    public const string RefusalKept = "min_refusal_kept";
    public const string OutOfScopeAuroc = "min_oos_auroc";
    public const string PerplexityRatio = "max_perplexity_ratio";
    public const string NdcgGain = "min_ndcg_gain";
    public const string NdcgLossElsewhere = "max_ndcg_loss_elsewhere";
    public const string LeakedShare = "max_leaked_share";
    public const string HeldOutExamples = "min_held_out_examples";
    public const string Bytes = "max_bytes";

    private const double Tebibyte = 1024.0 * 1024 * 1024 * 1024;

    public static readonly IReadOnlyList<GateLimit> All =
    [
        new(GainOverMajority, 0.05, -1, 1, "points of accuracy above always answering the most frequent label, or half of that baseline's errors where they are fewer"),
        new(GainOverNearestNeighbour, 0.005, -1, 1, "points of accuracy above the nearest neighbour by frozen embeddings, or half of that baseline's errors where they are fewer"),
        new(MacroF1, 0.5, 0, 1, "mean F1 over the labels"),
        new(SlotF1, 0.5, 0, 1, "F1 of the parts of texts that were to be found"),
        new(SchemaValidity, 1, 0, 1, "share of answers that obey the JSON schema"),
        new(CalibrationError, 0.15, 0, 1, "expected calibration error of the confidences"),
        new(RefusalKept, 0.7, 0, 1, "share of what must be refused, or is out of scope, that still is; of the base's share where that is less"),
        new(OutOfScopeAuroc, 0.7, 0, 1, "area under the curve of telling out-of-scope texts"),
        new(PerplexityRatio, 1, 0, 100, "held-out perplexity divided by the base's; it must be below"),
        new(NdcgGain, 0, -1, 1, "nDCG@10 minus the base's"),
        new(NdcgLossElsewhere, 0.01, 0, 1, "nDCG@10 lost on another collection"),
        new(LeakedShare, 0.02, 0, 1, "share of the held-out examples that, whole or nearly, are in the training part too"),
        new(HeldOutExamples, 20, 1, 1e9, "examples that the judgement rests on"),
        new(Bytes, 2.0 * 1024 * 1024 * 1024, 1, Tebibyte, "size of the adapter's files"),
    ];

    public static GateLimit? Find(string name) => All.FirstOrDefault(limit => limit.Name == name);
}
