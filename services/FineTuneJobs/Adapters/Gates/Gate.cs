using System.Globalization;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Adapters.Gates;

/// <summary>
/// Judges an adapter by what its trainer measured on the held-out part and what the platform found out. What a method must
/// have measured and has not, fails: silence is no proof. A limit at the loosest end of its range switches its check off.
/// </summary>
/// <param name="limits">That the project sets; the defaults are taken for the others.</param>
public sealed class Gate(IReadOnlyDictionary<string, double> limits)
{
    /// <summary>What is compared with the baselines: the first that both have.</summary>
    private static readonly string[] Qualities = ["accuracy", "exact_match", "slot_f1"];

    private const string NotMeasuredMark = "Not measured:";
    private const string Ndcg = "ndcg_at_10";

    public double this[string name] => limits.TryGetValue(name, out var limit) ? limit : GateLimit.Find(name)!.Default;

    /// <param name="method">Of the adapter; decides which checks apply.</param>
    /// <param name="rows">Of the trainer.</param>
    /// <param name="evidence">Of the platform.</param>
    /// <param name="bytes">Of the adapter's files.</param>
    public GateReport Judge(string method, IReadOnlyList<EvaluationRow> rows, GateEvidence evidence, long bytes)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(evidence);
        var measured = new MeasuredRows(rows);
        IEnumerable<GateCheck?> quality = method switch
        {
            "specialist" => SpecialistChecks(measured),
            "retriever" or "reranker" => RetrievalChecks(measured),
            _ => LanguageChecks(measured, isRequired: method == "decoder"),
        };
        var answers = method is "retriever" or "reranker" ? null : Refusal(measured, evidence);
        return new GateReport([.. quality.Append(answers).Concat(SoundnessChecks(evidence, bytes)).OfType<GateCheck>()]);
    }

    /// <summary>On other data, where there are no baselines: only what was measured is judged.</summary>
    public GateReport JudgeMeasured(string method, IReadOnlyList<EvaluationRow> rows, GateEvidence evidence, long bytes) =>
        new([.. Judge(method, rows, evidence, bytes).Checks.Where(check => !check.Explanation.StartsWith(NotMeasuredMark, StringComparison.Ordinal))]);

    private IEnumerable<GateCheck?> SpecialistChecks(MeasuredRows rows)
    {
        yield return GainOver(rows, "majority", GateLimit.GainOverMajority);
        yield return GainOver(rows, "nearest neighbour", GateLimit.GainOverNearestNeighbour);
        yield return AtLeast(GateLimit.MacroF1, rows.Find("adapter", "macro_f1"), "macro-F1 over the labels", isRequired: false);
        yield return AtLeast(GateLimit.SlotF1, rows.Find("adapter", "slot_f1"), "F1 of the parts of texts", isRequired: false);
        yield return AtLeast(GateLimit.SchemaValidity, rows.Find("adapter", "schema_validity"), "share of answers that obey the schema", isRequired: true);
        yield return AtMost(GateLimit.CalibrationError, rows.Find("adapter", "ece"), "expected calibration error");
        yield return AtLeast(GateLimit.OutOfScopeAuroc, rows.Find("adapter", "oos_auroc"), "AUROC of telling out-of-scope texts", isRequired: false);
    }

    private IEnumerable<GateCheck?> RetrievalChecks(MeasuredRows rows)
    {
        yield return Gain(GateLimit.NdcgGain, rows.Find("adapter", Ndcg), rows.Find("base", Ndcg), "held-out questions");
        if (IsOff(GateLimit.NdcgLossElsewhere))
        {
            yield break;
        }

        foreach (var name in rows.Names("adapter").Where(name => name.Length > Ndcg.Length && name.StartsWith(Ndcg, StringComparison.Ordinal)))
        {
            if (rows.Find("base", name) is { } former && rows.Find("adapter", name) is { } now)
            {
                var (loss, limit) = (former - now, this[GateLimit.NdcgLossElsewhere]);
                yield return new GateCheck(
                    GateLimit.NdcgLossElsewhere, loss <= limit, loss, limit, Text($"nDCG@10 went from {former:0.000} to {now:0.000} on {name[Ndcg.Length..].Trim('_', '/', ':', ' ')}; a loss of at most {limit:0.000} is allowed."));
            }
        }
    }

    private IEnumerable<GateCheck?> LanguageChecks(MeasuredRows rows, bool isRequired)
    {
        var (mine, former, limit) = (rows.Find("adapter", "perplexity"), rows.Find("base", "perplexity"), this[GateLimit.PerplexityRatio]);
        if (!IsOff(GateLimit.PerplexityRatio) && (isRequired || (mine is not null && former is not null)))
        {
            yield return mine is { } value && former is > 0
                ? new GateCheck(
                    GateLimit.PerplexityRatio, value / former.Value < limit, value / former.Value, limit, Text($"Held-out perplexity is {value:0.###} against the base's {former:0.###}; the ratio must be below {limit:0.###}."))
                : NotMeasured(GateLimit.PerplexityRatio, "held-out perplexity of adapter and base");
        }

        yield return AtLeast(GateLimit.SchemaValidity, rows.Find("adapter", "schema_validity"), "share of answers that obey the schema", isRequired: false);
    }

    private GateCheck? Refusal(MeasuredRows rows, GateEvidence evidence)
    {
        if (IsOff(GateLimit.RefusalKept))
        {
            return null;
        }

        var held = rows.Find("adapter", "refusal_kept");
        if ((held ?? evidence.ProbeRefused) is not { } value)
        {
            return NotMeasured(GateLimit.RefusalKept, "what is refused or out of scope");
        }

        var (limit, former) = (this[GateLimit.RefusalKept], held is null ? evidence.BaseProbeRefused : rows.Find("base", "refusal_kept"));
        var wanted = Math.Min(limit, former ?? limit);
        return new GateCheck(
            GateLimit.RefusalKept, value >= wanted, value, wanted,
            Text($"{value:P1} of {(held is null ? "the probe texts, which nobody should answer," : "the held-out refusals and out-of-scope texts")} are refused or told to be out of scope; at least {wanted:P1} must be{(value < wanted ? ": it answers what it should not" : "")}."));
    }

    private IEnumerable<GateCheck?> SoundnessChecks(GateEvidence evidence, long bytes)
    {
        yield return new GateCheck(
            "smoke_prediction", evidence.SmokeProblem is null, evidence.SmokeProblem is null ? 1 : 0, 1,
            evidence.SmokeProblem is { } problem ? $"Its files were loaded and asked, and failed: {problem}" : "Its files load and work.");
        if (!IsOff(GateLimit.LeakedShare))
        {
            var (share, limit) = ((double)evidence.LeakedExamples / Math.Max(1, evidence.HeldOutExamples), this[GateLimit.LeakedShare]);
            yield return new GateCheck(
                GateLimit.LeakedShare, share <= limit, share, limit,
                Text($"{evidence.LeakedExamples} of {evidence.HeldOutExamples} held-out examples are, whole or nearly, in the training part too; at most {limit:P1} may be{(share <= limit ? "" : ": the judgement is of memory, not of learning")}."));
        }

        var wanted = this[GateLimit.HeldOutExamples];
        yield return new GateCheck(
            GateLimit.HeldOutExamples, evidence.HeldOutExamples >= wanted, evidence.HeldOutExamples, wanted, Text($"The judgement rests on {evidence.HeldOutExamples} held-out examples; at least {wanted:0} are needed."));
        yield return AtMost(GateLimit.Bytes, bytes, "size of its files in bytes");
    }

    /// <summary>A margin that a baseline near perfection leaves no room for is half of what it leaves.</summary>
    private GateCheck? GainOver(MeasuredRows rows, string baseline, string name)
    {
        if (IsOff(name))
        {
            return null;
        }

        var quality = Qualities.FirstOrDefault(quality => rows.Find("adapter", quality) is not null && rows.Find(baseline, quality) is not null);
        if (quality is null)
        {
            return NotMeasured(name, $"accuracy beside the baseline '{baseline}'");
        }

        var (mine, theirs) = (rows.Find("adapter", quality)!.Value, rows.Find(baseline, quality)!.Value);
        var wanted = Math.Min(this[name], (1 - theirs) / 2);
        return new GateCheck(
            name, mine - theirs >= wanted - 1e-12, mine - theirs, wanted, Text($"{quality} is {mine:0.000} against {theirs:0.000} of the baseline '{baseline}'; it must be above that by {wanted:0.000}."));
    }

    private GateCheck? Gain(string name, double? mine, double? former, string where)
    {
        if (IsOff(name))
        {
            return null;
        }

        return mine is { } now && former is { } before
            ? new GateCheck(name, now - before >= this[name], now - before, this[name], Text($"nDCG@10 on {where} went from {before:0.000} to {now:0.000}; a gain of at least {this[name]:0.000} is asked for."))
            : NotMeasured(name, "nDCG@10 of adapter and base");
    }

    private GateCheck? AtLeast(string name, double? value, string what, bool isRequired) =>
        IsOff(name) || (value is null && !isRequired) ? null
            : value is { } measured ? new GateCheck(name, measured >= this[name], measured, this[name], Text($"The {what} is {measured:0.###}; at least {this[name]:0.###} is asked for."))
            : NotMeasured(name, what);

    private GateCheck? AtMost(string name, double? value, string what) =>
        IsOff(name) || value is not { } measured ? null
            : new GateCheck(name, measured <= this[name], measured, this[name], Text($"The {what} is {measured:#,0.###}; at most {this[name]:#,0.###} is allowed."));

    private GateCheck NotMeasured(string name, string what) =>
        new(name, false, 0, this[name], $"{NotMeasuredMark} {what}. What is not measured does not pass; set {name} to the loosest end of its range to do without.");

    private bool IsOff(string name)
    {
        var limit = GateLimit.Find(name)!;
        return this[name] == (name.StartsWith("min_", StringComparison.Ordinal) ? limit.Min : limit.Max);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The rows by system and metric; a value that is no finite number is none.</summary>
    private sealed class MeasuredRows(IReadOnlyList<EvaluationRow> rows)
    {
        public double? Find(string system, string metric) =>
            rows.FirstOrDefault(row => row.System == system)?.Metrics.TryGetValue(metric, out var value) == true && double.IsFinite(value) ? value : null;

        public IEnumerable<string> Names(string system) => rows.FirstOrDefault(row => row.System == system)?.Metrics.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>();
    }
}
