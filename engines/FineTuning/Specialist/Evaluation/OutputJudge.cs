using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.Metrics;
using RagPlatform.Metrics.Labels;
using RagPlatform.Metrics.Spans;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>
/// How right answers are. Of labels the main one is judged, that of the most values; of spans those of all heads together;
/// of outputs the whole JSON. Texts that are out of scope have no right answer and are left out.
/// </summary>
internal sealed class OutputJudge(OutputNode root, IReadOnlyList<HeadSpec> specs)
{
    private readonly OutputComposer composer = new(root, specs, [.. specs.Select(_ => 1.0)]);

    /// <summary>The head of labels with the most values; -1 where there is none.</summary>
    public int MainHead { get; } = specs.Any(spec => spec.Kind == HeadKind.Label)
        ? specs.Index().Where(spec => spec.Item.Kind == HeadKind.Label).MaxBy(spec => spec.Item.Outputs).Index
        : -1;

    /// <summary>accuracy and macro_f1 of the main label, slot_f1, labels_f1, exact_match, and score, their mean without macro_f1.</summary>
    public Dictionary<string, double> Fields(SpecialistPart part, IReadOnlyList<HeadLogits> logits)
    {
        int[] texts = [.. Enumerable.Range(0, part.Count).Where(text => !part.Targets[text].IsOutOfScope)];
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        if (texts.Length == 0)
        {
            return new Dictionary<string, double>(StringComparer.Ordinal) { ["score"] = 0 };
        }

        int[] labelled = MainHead < 0 ? [] : [.. texts.Where(text => part.Targets[text].Labels[MainHead] != LabelLoss.Unknown)];
        if (labelled.Length > 0)
        {
            var expected = labelled.Select(text => part.Targets[text].Labels[MainHead]).ToArray();
            var predicted = labelled.Select(text => Highest(logits[text].Values[MainHead])).ToArray();
            metrics["accuracy"] = LabelMetrics.Accuracy(expected, predicted);
            metrics["macro_f1"] = LabelMetrics.MacroF1(expected, predicted);
        }

        if (Slots(part, logits, texts) is { } slots)
        {
            metrics["slot_f1"] = slots.F1;
        }

        if (Sets(part, logits, texts) is { } sets)
        {
            metrics["labels_f1"] = sets.F1;
        }

        metrics["exact_match"] = texts.Average(text => JsonExactMatch.IsMatch(part.Targets[text].Output, composer.Compose(part.Inputs[text], logits[text]).Json) ? 1.0 : 0);
        metrics["score"] = metrics.Where(metric => metric.Key != "macro_f1").Average(metric => metric.Value);
        return metrics;
    }

    public static int Highest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    private MatchCounts? Slots(SpecialistPart part, IReadOnlyList<HeadLogits> logits, int[] texts)
    {
        int[] heads = [.. specs.Index().Where(spec => spec.Item.Kind == HeadKind.Tags).Select(spec => spec.Index)];
        if (heads.Length == 0)
        {
            return null;
        }

        var counts = SpanMetrics.Count(
            [.. texts.Select(text => Named(heads, head => part.Targets[text].Spans[head]?.Found ?? []))],
            [.. texts.Select(text => Named(heads, head => part.Targets[text].Spans[head] is null ? [] : Decoded(head, logits[text])))]);
        // A value that is not in the text can be told by nobody: it is missed.
        return counts.Add(new MatchCounts(0, 0, texts.Sum(text => heads.Sum(head => part.Targets[text].Spans[head]?.Lost ?? 0))));
    }

    private IReadOnlyList<PieceSpan> Decoded(int head, HeadLogits logits) => BioTags.Spans(BioDecoding.Decode(logits.Values[head], specs[head].SpanKinds).Tags);

    private static IReadOnlyList<LabelledSpan> Named(int[] heads, Func<int, IReadOnlyList<PieceSpan>> spans) =>
        [.. heads.SelectMany(head => spans(head).Select(span => new LabelledSpan(span.Start, span.End, $"{head}.{span.Kind}")))];

    private MatchCounts? Sets(SpecialistPart part, IReadOnlyList<HeadLogits> logits, int[] texts)
    {
        MatchCounts? counts = null;
        foreach (var (head, _) in specs.Index().Where(spec => spec.Item.Kind == HeadKind.LabelSet))
        {
            foreach (var text in texts.Where(text => part.Targets[text].Sets[head] is not null))
            {
                var predicted = logits[text].Values[head].Index().Where(logit => logit.Item > 0).Select(logit => logit.Index).ToHashSet();
                counts = (counts ?? default) + MatchCounts.Of(part.Targets[text].Sets[head]!, predicted);
            }
        }

        return counts;
    }
}
