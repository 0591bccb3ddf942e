using System.Text.Json;
using RagPlatform.FineTuning.Specialist.Spans;

namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>Infers one place of the outputs from what the examples have there, and those below it.</summary>
/// <param name="texts">The examples' inputs.</param>
/// <param name="findings">Is told what is left out.</param>
internal sealed class NodeInference(string[] texts, SchemaFindings findings)
{
    private const int MaxKeys = 200;
    private const double MostlySpans = 0.8;
    private const double AlwaysSpans = 0.98;
    private const int FewestOpenValues = 3;
    private readonly ArrayInference arrays = new(texts, findings);

    /// <returns>Null where nothing can be learnt and the place is left out.</returns>
    public OutputNode? Infer(string path, IReadOnlyList<Observation> observations)
    {
        Observation[] present = [.. observations.Where(observation => observation.IsPresent)];
        var distinct = observations.Select(observation => observation.Text).Distinct(StringComparer.Ordinal).Take(2).Count();
        if (distinct == 1)
        {
            return observations[0].Value is null ? null : new ConstantNode(path, OutputJson.Compact(observations[0].Value!.Value));
        }
        // A root is learnt whatever it is, but the key "" has a root's path.
        if (present.Length < (path.Length > 0 ? 2 : 1))
        {
            findings.Cannot(path, $"only {present.Length} of {observations.Count} examples have a value");
            return null;
        }
        JsonValueKind[] kinds = [.. present.Select(KindOf).Distinct()];
        if (kinds.Length > 1)
        {
            return Label(path, observations, $"its values are of {kinds.Length} kinds ({string.Join(", ", kinds.Order())})");
        }
        return kinds[0] switch
        {
            JsonValueKind.Object => Object(path, observations, present),
            JsonValueKind.Array => arrays.Infer(path, observations, present),
            JsonValueKind.True => Label(path, observations, ""),
            _ => Scalar(path, observations, present),
        };
    }

    private static JsonValueKind KindOf(Observation observation) =>
        observation.Value!.Value.ValueKind is JsonValueKind.False ? JsonValueKind.True : observation.Value.Value.ValueKind;

    private OutputNode? Object(string path, IReadOnlyList<Observation> observations, Observation[] present)
    {
        string[] keys = [.. present.SelectMany(observation => observation.Value!.Value.EnumerateObject().Select(member => member.Name)).Distinct(StringComparer.Ordinal)];
        if (keys.Length > MaxKeys)
        {
            findings.Cannot(path, $"its objects have {keys.Length} different keys, and at most {MaxKeys} can be learnt; make them a list of name and value");
            return null;
        }
        var members = new List<ObjectNodeMember>();
        foreach (var key in keys)
        {
            // Of a key that is there twice, readers take the last.
            Observation[] below = [.. present.Select(observation =>
                observation with { Value = observation.Value!.Value.TryGetProperty(key, out var value) ? value : null })];
            if (Infer(path.Length == 0 ? key : $"{path}.{key}", below) is { } node)
            {
                members.Add(new ObjectNodeMember(key, node));
            }
        }
        if (members.Count == 0)
        {
            return keys.Length == 0 ? Label(path, observations, "") : null;
        }
        string[] presence = [.. observations.Select(observation => observation.IsPresent ? ObjectNode.Present : observation.Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new ObjectNode(path, members, presence.Length > 1 ? new LabelNode(path, presence) : null);
    }

    /// <summary>A string or a number: copied from the text, else chosen from a set.</summary>
    private OutputNode? Scalar(string path, IReadOnlyList<Observation> observations, Observation[] present)
    {
        var isNumber = present[0].Value!.Value.ValueKind == JsonValueKind.Number;
        // Many outputs have an empty text where the input has nothing for them.
        Observation[] parts = [.. present.Where(observation => !OutputJson.IsEmptyText(observation.Value!.Value))];
        var spans = SpanEvidence.Of(texts, [.. parts.Select(observation => (observation.Example, (IReadOnlyList<JsonElement>)[observation.Value!.Value]))]);
        var values = ClosedSet.Of(present.Select(observation => observation.Text));
        var isCopied = spans.Share >= AlwaysSpans && values.Distinct >= FewestOpenValues;
        if (!isCopied && values.IsClosed)
        {
            return Label(path, observations, "");
        }
        if (spans.Share < MostlySpans)
        {
            return Label(path, observations, $"{spans.Share:P0} of its values are {(isNumber ? "numbers" : "parts")} of the input");
        }
        if (spans.Share < AlwaysSpans)
        {
            findings.Cannot(path, $"{1 - spans.Share:P1} of its values are not in the input and are not learnt");
        }
        string[] missing = [.. observations.Where(observation => !observation.IsPresent || OutputJson.IsEmptyText(observation.Value!.Value)).Select(observation => observation.Text)];
        if (missing.Distinct(StringComparer.Ordinal).Count() > 1)
        {
            findings.Cannot(path, "it is missing in several ways (no key, null, an empty text); outputs have the commonest");
        }
        var instead = Commonest(missing.Length > 0 ? missing : present.Select(observation => observation.Text));
        var form = spans.Form == SpanForm.Integer && instead.Contains('.', StringComparison.Ordinal) ? SpanForm.Number : spans.Form;
        return new SpanNode(path, form, instead, missing.Length == 0);
    }

    private LabelNode? Label(string path, IReadOnlyList<Observation> observations, string problem)
    {
        var values = ClosedSet.Of(observations.Select(observation => observation.Text));
        if (!values.IsClosed)
        {
            findings.Cannot(path, $"{(problem.Length == 0 ? "" : problem + ", and ")}{values.Why}");
            return null;
        }
        if (values.Partly is { } partly)
        {
            findings.Cannot(path, partly);
        }
        string[] strange = [.. values.Values.Where(OutOfScopeLabel.Is)];
        string[] others = [.. values.Values.Except(strange, StringComparer.Ordinal)];
        return strange.Length == 1 && others.Length > 1
            ? new LabelNode(path, others) { OutOfScope = strange[0] }
            : new LabelNode(path, values.Values);
    }

    private static string Commonest(IEnumerable<string> values) =>
        values.CountBy(value => value, StringComparer.Ordinal).OrderByDescending(value => value.Value).ThenBy(value => value.Key, StringComparer.Ordinal).First().Key;
}
