using System.Text.Json;

namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>Infers an array: a set of labels, parts of the input, or objects of a type and a part.</summary>
/// <param name="texts">The examples' inputs.</param>
/// <param name="findings">Is told what is left out.</param>
internal sealed class ArrayInference(string[] texts, SchemaFindings findings)
{
    private const double MostlySpans = 0.8;
    private const double AlwaysSpans = 0.98;
    private const double MostRepeated = 0.02;

    public OutputNode? Infer(string path, IReadOnlyList<Observation> observations, Observation[] present)
    {
        if (present.Length < observations.Count)
        {
            findings.Cannot(path, $"{observations.Count - present.Length} of {observations.Count} examples have null or no list; outputs have an empty list there");
        }
        (int Example, JsonElement[] Items)[] lists = [.. present.Select(observation => (observation.Example, observation.Value!.Value.EnumerateArray().ToArray()))];
        JsonValueKind[] kinds = [.. lists.SelectMany(list => list.Items).Select(item => item.ValueKind).Distinct()];
        return kinds switch
        {
            [JsonValueKind.Object] => Objects(path, lists),
            [JsonValueKind.String] or [JsonValueKind.Number] => Scalars(path, lists),
            _ => Cannot(path, $"its elements are of kinds that are not learnt in a list ({string.Join(", ", kinds.Order())})"),
        };
    }

    private OutputNode? Scalars(string path, (int Example, JsonElement[] Items)[] lists)
    {
        var spans = SpanEvidence.Of(texts, [.. lists.Select(list => (list.Example, (IReadOnlyList<JsonElement>)list.Items))]);
        var values = ClosedSet.Of(lists.SelectMany(list => list.Items).Select(OutputJson.Canonical));
        var repeats = lists.Count(list => list.Items.Select(OutputJson.Canonical).Distinct(StringComparer.Ordinal).Count() < list.Items.Length);
        if (spans.Share < AlwaysSpans && values.IsClosed)
        {
            if (repeats > MostRepeated * lists.Length)
            {
                return Cannot(path, $"{repeats} of {lists.Length} lists have a value twice, which a set of labels cannot");
            }
            if (values.Partly is { } partly)
            {
                findings.Cannot(path, partly);
            }
            return new LabelsNode(path, Ordered(lists, values.Values));
        }
        if (!IsMostlySpans(path, spans))
        {
            return Cannot(path, $"{spans.Share:P0} of its values are parts of the input, and {values.Why}");
        }
        return new EntitiesNode(path, spans.Form, [""], []);
    }

    private EntitiesNode? Objects(string path, (int Example, JsonElement[] Items)[] lists)
    {
        JsonElement[] items = [.. lists.SelectMany(list => list.Items)];
        string[] keys = [.. items[0].EnumerateObject().Select(member => member.Name).Distinct(StringComparer.Ordinal)];
        if (keys.Length == 0 || items.Any(item => !item.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.Ordinal).SetEquals(keys)))
        {
            return CannotList(path, "its objects do not all have the same keys");
        }
        if (Part(lists, items, keys) is not { } part)
        {
            return CannotList(path, "none of its objects' values is a part of the input");
        }
        _ = IsMostlySpans($"{path}[].{part.Key}", part.Spans);
        var numbers = items.Count(item => item.GetProperty(part.Key).ValueKind == JsonValueKind.Number);
        if (numbers > 0 && numbers < items.Length)
        {
            findings.Cannot($"{path}[].{part.Key}", $"{numbers} of its {items.Length} values are numbers and the others texts; outputs have texts for all");
        }
        var members = new List<EntityMember>();
        IReadOnlyList<string> types = [""];
        foreach (var key in keys)
        {
            var values = ClosedSet.Of(items.Select(item => OutputJson.Canonical(item.GetProperty(key))));
            if (key == part.Key)
            {
                members.Add(new EntityMember(key, EntityRole.Part, ""));
            }
            else if (values.Distinct == 1)
            {
                members.Add(new EntityMember(key, EntityRole.Constant, OutputJson.Compact(items[0].GetProperty(key))));
            }
            else if (values.IsClosed && types is [""])
            {
                types = values.Values;
                members.Add(new EntityMember(key, EntityRole.Type, ""));
            }
            else
            {
                return CannotList(path, $"its objects' \"{key}\" is neither a constant, nor the one part of the input, nor the one of a closed set");
            }
        }
        return new EntitiesNode(path, part.Spans.Form, types, members);
    }

    /// <summary>The key whose values are parts of the input; of several the one with most values: types' names can stand in a text as well.</summary>
    private (string Key, SpanEvidence Spans)? Part((int Example, JsonElement[] Items)[] lists, JsonElement[] items, string[] keys)
    {
        (string Key, SpanEvidence Spans)? part = null;
        var most = 0;
        foreach (var key in keys.Where(key => items.All(item => item.GetProperty(key).ValueKind is JsonValueKind.String or JsonValueKind.Number)))
        {
            var distinct = items.Select(item => OutputJson.Canonical(item.GetProperty(key))).Distinct(StringComparer.Ordinal).Count();
            var spans = SpanEvidence.Of(texts, [.. lists.Select(list => (list.Example, (IReadOnlyList<JsonElement>)[.. list.Items.Select(item => item.GetProperty(key))]))]);
            if (spans.Share >= MostlySpans && distinct > most)
            {
                most = distinct;
                part = (key, spans);
            }
        }
        return part;
    }

    private bool IsMostlySpans(string path, SpanEvidence spans)
    {
        if (spans.Share is >= MostlySpans and < AlwaysSpans)
        {
            findings.Cannot(path, $"{1 - spans.Share:P1} of its values are not in the input and are not learnt");
        }
        return spans.Share >= MostlySpans;
    }

    /// <summary>Values in the order of their mean relative place in the lists, so that outputs are ordered as the examples are.</summary>
    private static string[] Ordered((int Example, JsonElement[] Items)[] lists, IReadOnlyList<string> values)
    {
        var places = values.ToDictionary(value => value, _ => (Sum: 0.0, Count: 0), StringComparer.Ordinal);
        foreach (var (_, items) in lists)
        {
            for (var i = 0; i < items.Length; i++)
            {
                var value = OutputJson.Canonical(items[i]);
                var (sum, count) = places[value];
                places[value] = (sum + (i + 0.5) / items.Length, count + 1);
            }
        }
        return [.. values.OrderBy(value => places[value].Sum / places[value].Count).ThenBy(value => value, StringComparer.Ordinal)];
    }

    private OutputNode? Cannot(string path, string why)
    {
        findings.Cannot(path, why);
        return null;
    }

    private EntitiesNode? CannotList(string path, string why)
    {
        findings.Cannot(path, why);
        return null;
    }
}
