using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.FineTuning.Specialist.Spans;
using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>From what the heads say to one JSON text that obeys the schema, with how sure each field is.</summary>
/// <param name="root">Of the schema.</param>
/// <param name="specs">The heads.</param>
/// <param name="temperatures">By head of labels: what makes its probabilities as often right as they say.</param>
internal sealed class OutputComposer(OutputNode root, IReadOnlyList<HeadSpec> specs, IReadOnlyList<double> temperatures)
{
    /// <summary>A label of a set is there above it.</summary>
    private const double Presence = 0.5;

    private readonly Dictionary<OutputNode, int> heads = specs.Select((spec, head) => (spec.Node, head)).ToDictionary(pair => pair.Node, pair => pair.head, ReferenceEqualityComparer.Instance as IEqualityComparer<OutputNode>);

    public (string Json, IReadOnlyDictionary<string, double> Confidences) Compose(SpecialistInput input, HeadLogits logits)
    {
        var confidences = new Dictionary<string, double>(StringComparer.Ordinal);
        // A root is never absent.
        return (Write(root, input, logits, confidences) ?? OutputNode.Null, confidences);
    }

    /// <summary>Of a head of labels: calibrated, in the order of its labels.</summary>
    public float[] Probabilities(int head, ReadOnlySpan<float> logits)
    {
        var values = logits.ToArray();
        VectorMath.Scale(values, (float)(1 / temperatures[head]));
        VectorMath.Softmax(values);
        return values;
    }

    /// <returns>Null for a key that is not there.</returns>
    private string? Write(OutputNode node, SpecialistInput input, HeadLogits logits, Dictionary<string, double> confidences)
    {
        switch (node)
        {
            case ConstantNode constant:
                return constant.Value;
            case LabelNode label:
                return Choose(label, logits, confidences) is { Length: > 0 } chosen ? chosen : null;
            case LabelsNode labels:
                return $"[{string.Join(',', Choose(labels, logits, confidences))}]";
            case SpanNode span:
                return Spans(span, input, logits, confidences).Select(found => SpanFinder.Write(input.Text, input.RangeOf(found), span.Form)).OfType<string>().FirstOrDefault()
                    ?? (span.Missing == OutputNode.Absent ? null : span.Missing);
            case EntitiesNode entities:
                return $"[{string.Join(',', Spans(entities, input, logits, confidences).Select(found => Entity(entities, input, found)).OfType<string>())}]";
            case ObjectNode parent:
                return Object(parent, input, logits, confidences);
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node, "not a place of an output");
        }
    }

    private string? Object(ObjectNode parent, SpecialistInput input, HeadLogits logits, Dictionary<string, double> confidences)
    {
        if (parent.Presence is { } presence && Choose(presence, logits, confidences) is var state && state != ObjectNode.Present)
        {
            return state.Length > 0 ? state : null;
        }

        var members = parent.Members.Select(member => (member.Name, Value: Write(member.Node, input, logits, confidences))).Where(member => member.Value is not null);
        return $"{{{string.Join(',', members.Select(member => $"{OutputJson.Text(member.Name)}:{member.Value}"))}}}";
    }

    private string Choose(LabelNode label, HeadLogits logits, Dictionary<string, double> confidences)
    {
        const double half = 0.5;
        if (label.OutOfScope is { } strange && logits.Strangeness > half)
        {
            confidences[SchemaTree.NameOf(label.Path)] = logits.Strangeness;
            return strange;
        }

        var probabilities = Probabilities(heads[label], logits.Values[heads[label]]);
        var best = Array.IndexOf(probabilities, probabilities.Max());
        confidences[SchemaTree.NameOf(label.Path)] = probabilities[best];
        return label.Values[best];
    }

    private IEnumerable<string> Choose(LabelsNode labels, HeadLogits logits, Dictionary<string, double> confidences)
    {
        double[] probabilities = [.. logits.Values[heads[labels]].Select(logit => LabelSetLoss.Probability(logit))];
        confidences[SchemaTree.NameOf(labels.Path)] = probabilities.Aggregate(1.0, (product, probability) => product * Math.Max(probability, 1 - probability));
        return labels.Values.Where((_, label) => probabilities[label] > Presence);
    }

    private IReadOnlyList<PieceSpan> Spans(OutputNode node, SpecialistInput input, HeadLogits logits, Dictionary<string, double> confidences)
    {
        var (tags, confidence) = BioDecoding.Decode(logits.Values[heads[node]], specs[heads[node]].SpanKinds);
        confidences[SchemaTree.NameOf(node.Path)] = confidence;
        return BioTags.Spans(tags);
    }

    private static string? Entity(EntitiesNode entities, SpecialistInput input, PieceSpan span)
    {
        if (SpanFinder.Write(input.Text, input.RangeOf(span), entities.Form) is not { } part)
        {
            return null;
        }

        return entities.Members.Count == 0 ? part : $"{{{string.Join(',', entities.Members.Select(member => $"{OutputJson.Text(member.Name)}:{member.Role switch
        {
            EntityRole.Type => entities.Types[span.Kind],
            EntityRole.Constant => member.Value,
            _ => part,
        }}"))}}}";
    }
}
