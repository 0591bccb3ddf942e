using System.Text.Json;
using RagPlatform.FineTuning.Specialist.Schemas;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>Whether a text is JSON that obeys a specialist's schema.</summary>
internal static class OutputConformance
{
    public static bool Obeys(OutputNode root, string json) => OutputJson.TryParse(json) is { } value && Obeys(root, value);

    private static bool Obeys(OutputNode node, JsonElement value) => node switch
    {
        ConstantNode constant => OutputJson.TryParse(constant.Value) is { } wanted && JsonElement.DeepEquals(wanted, value),
        LabelNode label => label.AllValues().Contains(OutputJson.Canonical(value), StringComparer.Ordinal),
        LabelsNode labels => value.ValueKind == JsonValueKind.Array && IsSubset(labels.Values, [.. value.EnumerateArray().Select(OutputJson.Canonical)]),
        SpanNode span => IsPart(span.Form, value) || (span.Missing == OutputNode.Null && value.ValueKind == JsonValueKind.Null),
        EntitiesNode entities => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => Obeys(entities, item)),
        ObjectNode parent => Obeys(parent, value),
        _ => false,
    };

    private static bool Obeys(EntitiesNode entities, JsonElement item)
    {
        if (entities.Members.Count == 0)
        {
            return IsPart(entities.Form, item);
        }

        return item.ValueKind == JsonValueKind.Object && item.EnumerateObject().Count() == entities.Members.Count && entities.Members.All(member =>
            item.TryGetProperty(member.Name, out var value) && member.Role switch
            {
                EntityRole.Type => entities.Types.Contains(OutputJson.Canonical(value)),
                EntityRole.Constant => OutputJson.Compact(value) == member.Value,
                _ => IsPart(entities.Form, value),
            });
    }

    private static bool Obeys(ObjectNode parent, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return parent.Presence?.Values.Contains(OutputNode.Null) == true;
        }

        return value.ValueKind == JsonValueKind.Object
            && value.EnumerateObject().All(member => parent.Members.Any(known => known.Name == member.Name))
            && parent.Members.All(member => value.TryGetProperty(member.Name, out var below) ? Obeys(member.Node, below) : MayBeAbsent(member.Node));
    }

    private static bool MayBeAbsent(OutputNode node) => node switch
    {
        LabelNode label => label.Values.Contains(OutputNode.Absent),
        SpanNode span => span.Missing == OutputNode.Absent,
        ObjectNode parent => parent.Presence?.Values.Contains(OutputNode.Absent) == true,
        _ => false,
    };

    private static bool IsPart(SpanForm form, JsonElement value) =>
        value.ValueKind == (form is SpanForm.Integer or SpanForm.Number ? JsonValueKind.Number : JsonValueKind.String);

    private static bool IsSubset(IReadOnlyList<string> known, string[] values) => values.Distinct(StringComparer.Ordinal).Count() == values.Length && values.All(known.Contains);
}
