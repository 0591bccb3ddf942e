using System.Text.Json;

namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>
/// Finds out from examples what an output is made of: constants, values of a closed set, parts of the input, and lists of
/// these. A set is taken for closed by the share of values that occur once, which estimates how often a new text needs
/// a value never seen (Good 1953).
/// </summary>
public static class SchemaInference
{
    /// <summary>More values than that are no set that a specialist can choose from.</summary>
    public const int MaxValues = 1000;

    /// <summary>One output in so many that is an object or a list makes all that are no JSON refusals.</summary>
    private const int FewestStructured = 5;

    /// <param name="examples">Of the training part alone: the others must not tell.</param>
    public static InferredSchema Infer(IReadOnlyList<SpecialistExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.Count == 0)
        {
            return new InferredSchema([], ["No example has a user's message with an assistant's answer after it."], "");
        }
        JsonElement?[] parsed = [.. examples.Select(example => OutputJson.TryParse(example.Output))];
        // Labels can look like JSON's scalars, refusals can be most of the outputs; objects and lists are nobody's labels.
        var isPlain = 2 * parsed.Count(value => value is not null) < examples.Count
            && FewestStructured * parsed.Count(value => value is { ValueKind: JsonValueKind.Object or JsonValueKind.Array }) < examples.Count;
        var observations = new List<Observation>(examples.Count);
        for (var i = 0; i < examples.Count; i++)
        {
            if (isPlain)
            {
                observations.Add(new Observation(i, JsonSerializer.SerializeToElement(examples[i].Output.Trim())));
            }
            else if (parsed[i] is { } value)
            {
                observations.Add(new Observation(i, value));
            }
        }
        var findings = new SchemaFindings();
        if (observations.Count < examples.Count)
        {
            findings.Cannot("", $"{examples.Count - observations.Count} of {examples.Count} outputs are no JSON, line {FirstOther(examples, parsed)} the first; they teach only what is out of scope");
        }
        var root = new NodeInference([.. examples.Select(example => example.Text)], findings).Infer("", observations);
        var learns = root is not null && SchemaTree.Walk(root).Any(node => node is not ConstantNode and not ObjectNode { Presence: null });
        if (!learns && root is not null)
        {
            findings.Cannot("", "every output is the same, so there is nothing to learn");
        }
        return new InferredSchema(root is null ? [] : SchemaTree.Describe(root), findings.Sentences, root is null ? "" : JsonSchemaText.Of(root))
        {
            IsPlainText = isPlain,
            Root = learns ? root : null,
        };
    }

    private static int FirstOther(IReadOnlyList<SpecialistExample> examples, JsonElement?[] parsed) =>
        examples[Array.FindIndex(parsed, value => value is null)].Line;
}

/// <param name="Example">Position of its example.</param>
/// <param name="Value">Null where the key is absent.</param>
internal readonly record struct Observation(int Example, JsonElement? Value)
{
    public bool IsNull => Value is { ValueKind: JsonValueKind.Null };

    public bool IsPresent => Value is not null && !IsNull;

    /// <summary>JSON, or <see cref="OutputNode.Absent"/>.</summary>
    public string Text => Value is { } value ? OutputJson.Canonical(value) : OutputNode.Absent;
}

/// <summary>Gathers what cannot be learnt.</summary>
internal sealed class SchemaFindings
{
    private readonly List<string> sentences = [];

    public IReadOnlyList<string> Sentences => sentences;

    public void Cannot(string path, string why) => sentences.Add($"{SchemaTree.NameOf(path)}: {why}.");
}
