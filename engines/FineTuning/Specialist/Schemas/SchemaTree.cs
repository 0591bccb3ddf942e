namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>Ways through a schema's places.</summary>
internal static class SchemaTree
{
    private const string RootName = "$";

    public static string NameOf(string path) => path.Length == 0 ? RootName : path;

    /// <summary>All places, those above before those below; of an object that can be missing its presence as well.</summary>
    public static IEnumerable<OutputNode> Walk(OutputNode node) => Places(node).Select(place => place.Node);

    /// <summary>As <see cref="Walk"/>, each with the keys that lead to it.</summary>
    public static IEnumerable<(OutputNode Node, string[] Keys)> Places(OutputNode root) => Places(root, []);

    private static IEnumerable<(OutputNode Node, string[] Keys)> Places(OutputNode node, string[] keys)
    {
        yield return (node, keys);
        if (node is not ObjectNode parent)
        {
            yield break;
        }
        if (parent.Presence is { } presence)
        {
            yield return (presence, keys);
        }
        foreach (var below in parent.Members.SelectMany(member => Places(member.Node, [.. keys, member.Name])))
        {
            yield return below;
        }
    }

    public static IReadOnlyList<InferredField> Describe(OutputNode root) => [.. Walk(root).SelectMany(Fields)];

    private static IEnumerable<InferredField> Fields(OutputNode node) => node switch
    {
        ConstantNode constant => [new InferredField(NameOf(node.Path), "constant", [OutputJson.Shown(constant.Value)], false)],
        LabelNode label => [new InferredField(NameOf(node.Path), KindOf(label), Shown([.. label.AllValues()]), label.Values.Any(IsMissing))],
        LabelsNode labels => [new InferredField(NameOf(node.Path), "labels", Shown(labels.Values), false)],
        SpanNode span => [new InferredField(NameOf(node.Path), KindOf(span.Form), [], !span.IsRequired)],
        EntitiesNode { Types: [""] } entities => [new InferredField($"{node.Path}[]", KindOf(entities.Form), [], false)],
        EntitiesNode entities => [new InferredField(NameOf(node.Path), "entities", Shown(entities.Types), false)],
        _ => [],
    };

    private static bool IsMissing(string value) => value is OutputNode.Absent or OutputNode.Null;

    private static string KindOf(SpanForm form) => form is SpanForm.Integer or SpanForm.Number ? "number" : "span";

    private static string KindOf(LabelNode label)
    {
        string[] values = [.. label.Values.Where(value => !IsMissing(value))];
        return values.All(value => value is "true" or "false") ? "boolean"
            : values.All(value => char.IsAsciiDigit(value[^1]) && !value.StartsWith('"')) ? "number" : "label";
    }

    private static string[] Shown(IReadOnlyList<string> values) =>
        [.. values.Where(value => value.Length > 0).Select(OutputJson.Shown)];
}
