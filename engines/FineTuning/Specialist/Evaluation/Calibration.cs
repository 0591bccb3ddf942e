using RagPlatform.Metrics;
using RagPlatform.Metrics.Confidence;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>What is learnt of the heads' answers to texts that they were not trained on: how sure they may be, and what is strange to them.</summary>
internal static class Calibration
{
    /// <summary>Fewer tell a temperature by chance.</summary>
    private const int FewestTexts = 20;

    /// <summary>By head; 1 where there is nothing to learn it from.</summary>
    public static IReadOnlyList<double> Temperatures(IReadOnlyList<HeadSpec> specs, SpecialistPart part, IReadOnlyList<HeadLogits> logits) =>
    [
        .. specs.Select((spec, head) =>
        {
            int[] known = spec.Kind == HeadKind.Label ? [.. Enumerable.Range(0, part.Count).Where(text => part.Targets[text].Labels[head] >= 0)] : [];
            return known.Length < FewestTexts || spec.Outputs < 2
                ? 1.0
                : TemperatureScaling.Fit([.. known.Select(text => logits[text].Values[head])], [.. known.Select(text => part.Targets[text].Labels[head])]);
        }),
    ];

    /// <summary>Of whole outputs; none where one label is the output, for its temperature says all.</summary>
    public static ConfidenceScale Confidence(OutputComposer composer, IReadOnlyList<HeadSpec> specs, SpecialistPart part, IReadOnlyList<HeadLogits> logits)
    {
        if (specs is [{ Kind: HeadKind.Label }])
        {
            return ConfidenceScale.None;
        }

        int[] texts = [.. Enumerable.Range(0, part.Count).Where(text => !part.Targets[text].IsOutOfScope)];
        var composed = texts.Select(text => composer.Compose(part.Inputs[text], logits[text])).ToArray();
        return ConfidenceScale.Fit(
            [.. composed.Select(output => output.Confidences.Values.Aggregate(1.0, (product, field) => product * field))],
            [.. composed.Select((output, i) => JsonExactMatch.IsMatch(part.Targets[texts[i]].Output, output.Json))]);
    }

    /// <summary>Null where there is no label.</summary>
    public static OutOfScopeRule? OutOfScope(int mainHead, SpecialistPart part, IReadOnlyList<HeadLogits> logits)
    {
        if (mainHead < 0)
        {
            return null;
        }

        return OutOfScopeRule.Choose([.. logits.Select((text, i) => new ScoredText(
            EnergyScore.Of(text.Values[mainHead]),
            part.Targets[i].IsOutOfScope,
            OutputJudge.Highest(text.Values[mainHead]) == part.Targets[i].Labels[mainHead]))]);
    }
}
