using RagPlatform.FineTuning.Specialist.Schemas;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>What a head tells: one label, any number of labels, or where spans are.</summary>
internal enum HeadKind
{
    Label,
    LabelSet,
    Tags,
}

/// <summary>One head of a specialist, and the place of the output that it makes.</summary>
/// <param name="Name">Of its tensors.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Node">Of the schema.</param>
/// <param name="Outputs">Logits: of a text for labels, of a piece for tags.</param>
/// <param name="Keys">From the root to the place: keys can have dots, so the node's path does not tell.</param>
internal sealed record HeadSpec(string Name, HeadKind Kind, OutputNode Node, int Outputs, IReadOnlyList<string> Keys)
{
    /// <summary>In the schema's order; none for what is constant.</summary>
    public static IReadOnlyList<HeadSpec> For(OutputNode root) =>
        [.. SchemaTree.Places(root).Select(place => Of(place.Node, place.Keys)).OfType<HeadSpec>().Index().Select(head => head.Item with { Name = $"heads.{head.Index}" })];

    /// <summary>Kinds of spans that a head of tags tells apart.</summary>
    public int SpanKinds => (Outputs - 1) / 2;

    private static HeadSpec? Of(OutputNode node, IReadOnlyList<string> keys) => node switch
    {
        LabelNode label => new("", HeadKind.Label, node, label.Values.Count, keys),
        LabelsNode labels => new("", HeadKind.LabelSet, node, labels.Values.Count, keys),
        SpanNode => new("", HeadKind.Tags, node, BioTags.Count(1), keys),
        EntitiesNode entities => new("", HeadKind.Tags, node, BioTags.Count(entities.Types.Count), keys),
        _ => null,
    };
}
