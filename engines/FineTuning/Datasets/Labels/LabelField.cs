using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Labels;

/// <summary>The field of the answers that has a closed set of values: what is counted, and stratified by.</summary>
/// <param name="Path">In the answer's JSON, such as intent; empty: the answer itself.</param>
/// <param name="Labels">By the examples' places; null where the example has none.</param>
/// <param name="Counts">Examples of each label.</param>
public sealed record LabelField(string Path, IReadOnlyList<string?> Labels, IReadOnlyDictionary<string, int> Counts)
{
    /// <summary>More distinct values are no closed set.</summary>
    public const int MaxLabels = 1_000;

    /// <summary>A longer value is no label.</summary>
    public const int MaxLabelLength = 100;

    private const double LeastCoverage = 0.9;
    private const int LeastExamplesPerLabel = 2;
    private const int MaxFields = 200;
    private const int MaxDepth = 4;

    /// <summary>
    /// The one with most values among those that at least nine in ten examples have and whose values occur twice on average or
    /// more; null where there is none. Answers that are JSON objects are looked into down to strings and booleans outside arrays.
    /// </summary>
    public static LabelField? Find(IReadOnlyList<TrainingExample> examples, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var fields = new Dictionary<string, Dictionary<string, int>?>();
        foreach (var example in examples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Visit(example, (path, value) => Count(fields, path, value));
        }

        var best = fields
            .Where(field => field.Value is { Count: > 1 } values
                && values.Values.Sum() >= LeastCoverage * examples.Count && values.Count * LeastExamplesPerLabel <= values.Values.Sum())
            .OrderByDescending(field => field.Value!.Count).ThenBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => field.Key).FirstOrDefault();
        if (best is null)
        {
            return null;
        }

        return new LabelField(best, [.. examples.Select(example => Of(example, best))], fields[best]!);
    }

    /// <summary>An example's value of a field; null where it has none.</summary>
    internal static string? Of(TrainingExample example, string path)
    {
        string? found = null;
        Visit(example, (other, value) => found = other == path ? value : found);
        return found;
    }

    private static void Visit(TrainingExample example, Action<string, string> visit)
    {
        if (example is not ChatExample)
        {
            return;
        }

        var output = ExampleText.Output(example).Trim();
        if (JsonOutput.Parse(output) is not { } json)
        {
            visit("", output);
            return;
        }

        using (json)
        {
            Visit(json.RootElement, "", 1, visit);
        }
    }

    private static void Visit(JsonElement json, string path, int depth, Action<string, string> visit)
    {
        foreach (var property in json.EnumerateObject())
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object when depth < MaxDepth:
                    Visit(property.Value, at, depth + 1, visit);
                    break;
                case JsonValueKind.String:
                    visit(at, property.Value.GetString()!);
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    visit(at, property.Value.GetRawText());
                    break;
                default:
                    break;
            }
        }
    }

    private static void Count(Dictionary<string, Dictionary<string, int>?> fields, string path, string value)
    {
        if (!fields.TryGetValue(path, out var values))
        {
            if (fields.Count == MaxFields)
            {
                return;
            }

            fields[path] = values = [];
        }

        // Null: it was seen to be no closed set.
        if (values is not null)
        {
            values[value] = values.GetValueOrDefault(value) + 1;
            if (value.Length > MaxLabelLength || values.Count > MaxLabels)
            {
                fields[path] = null;
            }
        }
    }
}
