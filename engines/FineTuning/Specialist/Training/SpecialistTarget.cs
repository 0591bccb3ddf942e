using System.Text.Json;
using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.FineTuning.Specialist.Spans;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>
/// What the heads are to say of one example. What its output has that the schema does not know, such as a label never seen
/// in training, is not learnt; the rest of it is.
/// </summary>
internal sealed class SpecialistTarget
{
    private SpecialistTarget(bool isOutOfScope, string output, int[] labels, IReadOnlySet<int>?[] sets, TargetSpans?[] spans, int pieces)
    {
        (IsOutOfScope, Output, Labels, Sets, Spans) = (isOutOfScope, output, labels, sets, spans);
        Tags = [.. spans.Select(head => head is { Lost: 0 } all ? BioTags.Of(all.Found, pieces) : null)];
    }

    /// <summary>Its output is no JSON where the others' are, a refusal, or has the label that says so.</summary>
    public bool IsOutOfScope { get; }

    /// <summary>Canonical JSON; empty of a refusal.</summary>
    public string Output { get; }

    /// <summary>By head of labels: its place, or one of <see cref="LabelLoss"/>' for those that have none.</summary>
    public int[] Labels { get; }

    /// <summary>By head of label sets; null for the others and where nothing is known.</summary>
    public IReadOnlySet<int>?[] Sets { get; }

    /// <summary>By head of tags; null for the others and where the output has no place for them.</summary>
    public TargetSpans?[] Spans { get; }

    /// <summary>By head of tags, of the text's pieces; null where there are no spans, or some are lost: nothing is said then, rather than something wrong.</summary>
    public int[]?[] Tags { get; }

    public static SpecialistTarget Of(SpecialistExample example, SpecialistInput input, bool isPlainText, IReadOnlyList<HeadSpec> heads)
    {
        var (labels, sets, spans) = (Enumerable.Repeat(LabelLoss.Unknown, heads.Count).ToArray(), new IReadOnlySet<int>?[heads.Count], new TargetSpans?[heads.Count]);
        var value = isPlainText ? JsonSerializer.SerializeToElement(example.Output.Trim()) : OutputJson.TryParse(example.Output);
        if (value is not { } output)
        {
            Array.Fill(labels, LabelLoss.OutOfScope);
            return new SpecialistTarget(true, "", labels, sets, spans, input.Pieces);
        }

        for (var head = 0; head < heads.Count; head++)
        {
            var (hasPlace, found) = Find(output, heads[head].Keys);
            if (!hasPlace)
            {
                continue;
            }

            switch (heads[head].Node)
            {
                case LabelNode label:
                    labels[head] = LabelOf(label, found);
                    break;
                case LabelsNode set:
                    sets[head] = Places(set, found);
                    break;
                case SpanNode span:
                    spans[head] = SpansOf(input, found is { ValueKind: JsonValueKind.String or JsonValueKind.Number } part && !IsInstead(span, input, part) ? [(part, 0)] : []);
                    break;
                case EntitiesNode entities:
                    spans[head] = SpansOf(input, [.. Items(found).Select(item => PartOf(entities, item))]);
                    break;
            }
        }

        return new SpecialistTarget(labels.Contains(LabelLoss.OutOfScope), OutputJson.Canonical(output), labels, sets, spans, input.Pieces);
    }

    private static int LabelOf(LabelNode label, JsonElement? found)
    {
        var value = Text(found);
        if (value == label.OutOfScope)
        {
            return LabelLoss.OutOfScope;
        }

        var place = IndexOf(label.Values, value);
        // Of an object that can be missing the label says no more than that it is there.
        place = place < 0 && found is { ValueKind: JsonValueKind.Object } ? IndexOf(label.Values, ObjectNode.Present) : place;
        return place < 0 ? LabelLoss.Unseen : place;
    }

    private static string Text(JsonElement? value) => value is { } there ? OutputJson.Canonical(there) : OutputNode.Absent;

    private static HashSet<int>? Places(LabelsNode set, JsonElement? found)
    {
        int[] places = [.. Items(found).Select(item => IndexOf(set.Values, OutputJson.Canonical(item)))];
        return places.Contains(-1) ? null : places.ToHashSet();
    }

    private static (JsonElement Part, int Type) PartOf(EntitiesNode entities, JsonElement item)
    {
        if (entities.Members.Count == 0)
        {
            return (item, 0);
        }

        var (part, type) = (item, 0);
        foreach (var member in entities.Members)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(member.Name, out var value))
            {
                return (item, -1);
            }

            if (member.Role == EntityRole.Part)
            {
                part = value;
            }
            else if (member.Role == EntityRole.Type)
            {
                type = IndexOf(entities.Types, OutputJson.Canonical(value));
            }
        }

        return (part, type);
    }

    /// <summary>Whether a value is what outputs have where the input has none for them.</summary>
    private static bool IsInstead(SpanNode span, SpecialistInput input, JsonElement value) =>
        OutputJson.IsEmptyText(value) || (OutputJson.Canonical(value) == span.Missing && SpanFinder.Find(input.Text, [value])[0] is null);

    private static TargetSpans SpansOf(SpecialistInput input, IReadOnlyList<(JsonElement Part, int Type)> parts)
    {
        var ranges = SpanFinder.Find(input.Text, [.. parts.Select(part => part.Part)]);
        var spans = new List<PieceSpan>();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Type >= 0 && ranges[i] is { } range && input.PiecesOf(range, parts[i].Type) is { } span
                && !spans.Exists(other => other.Start < span.End && span.Start < other.End))
            {
                spans.Add(span);
            }
        }

        return new TargetSpans(spans, parts.Count - spans.Count);
    }

    private static JsonElement[] Items(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } there ? [.. there.EnumerateArray()] : [];

    private static int IndexOf(IReadOnlyList<string> values, string value)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (string.Equals(values[i], value, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>What is at a place, null for nothing; and whether there is such a place: not where an object above it is missing.</summary>
    private static (bool HasPlace, JsonElement? Value) Find(JsonElement output, IReadOnlyList<string> keys)
    {
        JsonElement? at = output;
        foreach (var key in keys)
        {
            if (at is not { ValueKind: JsonValueKind.Object } parent)
            {
                return (false, null);
            }

            at = parent.TryGetProperty(key, out var value) ? value : null;
        }

        return (true, at);
    }
}

/// <param name="Found">Where the output's values are in the text.</param>
/// <param name="Lost">Values that are not in the text, not read, over each other, or of a kind never seen in training.</param>
internal sealed record TargetSpans(IReadOnlyList<PieceSpan> Found, int Lost);
