using System.Globalization;

namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>Whether values are of a set that a new text's value is of as well.</summary>
internal sealed record ClosedSet
{
    /// <summary>Share of values that occur once, above which too many of new texts would need one never seen.</summary>
    private const double MostUnseen = 0.2;
    private const double NotableUnseen = 0.02;
    private const int AlwaysClosed = 3;

    /// <summary>In ordinal order; empty where the set is not closed.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    public required int Distinct { get; init; }

    public bool IsClosed => Values.Count > 0;

    /// <summary>Why it is not closed.</summary>
    public string Why { get; private init; } = "";

    /// <summary>What is to be known of a closed one; null for nothing.</summary>
    public string? Partly { get; private init; }

    public static ClosedSet Of(IEnumerable<string> observed)
    {
        var counts = observed.CountBy(value => value, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var total = counts.Values.Sum();
        var once = counts.Values.Count(count => count == 1);
        var unseen = total == 0 ? 1 : (double)once / total;
        var isFew = counts.Count <= AlwaysClosed && counts.Count < total;
        var isClosed = counts.Count is > 0 and <= SchemaInference.MaxValues && (unseen <= MostUnseen || isFew);
        var shown = unseen.ToString("P0", CultureInfo.InvariantCulture);
        return new ClosedSet
        {
            Values = isClosed ? [.. counts.Keys.Order(StringComparer.Ordinal)] : [],
            Distinct = counts.Count,
            Why = counts.Count > SchemaInference.MaxValues
                ? $"it has {counts.Count} different values, and at most {SchemaInference.MaxValues} can be chosen from"
                : $"{once} of its {counts.Count} values occur once, so about {shown} of new texts would need a value never seen",
            Partly = isClosed && unseen > NotableUnseen
                ? $"{once} of its {counts.Count} values occur once; about {shown} of new texts need a value that is not among them"
                : null,
        };
    }
}
