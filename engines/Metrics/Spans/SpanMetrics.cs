using RagPlatform.Metrics.Labels;

namespace RagPlatform.Metrics.Spans;

/// <summary>How well labelled spans were found.</summary>
/// <remarks>Source: E. Tjong Kim Sang and F. De Meulder, "Introduction to the CoNLL-2003 Shared Task", 2003: a span is right only where both ends and its label are.</remarks>
public static class SpanMetrics
{
    /// <summary>Over all spans of all texts together (slot F1 is <see cref="MatchCounts.F1"/>). A span that a text has twice counts once.</summary>
    /// <param name="expected">By text.</param>
    /// <param name="predicted">By text, in the same order.</param>
    /// <exception cref="ArgumentException">The numbers of texts differ, or there are none.</exception>
    public static MatchCounts Count(IReadOnlyList<IReadOnlyList<LabelledSpan>> expected, IReadOnlyList<IReadOnlyList<LabelledSpan>> predicted)
    {
        LabelMetrics.ThrowUnlessAlike(expected.Count, predicted.Count);
        return expected.Zip(predicted, (right, told) => MatchCounts.Of(right.ToHashSet(), told.ToHashSet())).Aggregate((left, right) => left + right);
    }
}
