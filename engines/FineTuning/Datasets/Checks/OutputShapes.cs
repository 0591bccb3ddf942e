using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Reading;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>Which keys the answers' JSON has, how often and of which types; items of an array are one place, written [].</summary>
internal sealed class OutputShapes
{
    private const int MaxPaths = 1_000;
    private const int MaxDepth = 8;

    private readonly Dictionary<string, PathShape> paths = [];
    private readonly Dictionary<string, int> objects = [];

    /// <summary>Objects that were added.</summary>
    public int Answers { get; private set; }

    public IReadOnlyDictionary<string, PathShape> Paths => paths;

    public static string NameOf(string path) => path[(path.LastIndexOf('.') + 1)..];

    public void Add(JsonElement answer, int line)
    {
        Answers++;
        Visit(answer, "", 1, line);
    }

    /// <summary>How many objects could have the key.</summary>
    public int Objects(string path) => objects.GetValueOrDefault(ParentOf(path));

    public IEnumerable<string> Siblings(string path) => paths.Keys.Where(other => other != path && ParentOf(other) == ParentOf(path));

    private static string ParentOf(string path) => path.LastIndexOf('.') is var dot and >= 0 ? path[..dot] : "";

    private void Visit(JsonElement json, string path, int depth, int line)
    {
        if (json.ValueKind == JsonValueKind.Array && depth < MaxDepth)
        {
            foreach (var item in json.EnumerateArray())
            {
                Visit(item, $"{path}[]", depth + 1, line);
            }
        }

        if (json.ValueKind != JsonValueKind.Object || depth >= MaxDepth)
        {
            return;
        }

        if (objects.ContainsKey(path) || objects.Count < MaxPaths)
        {
            objects[path] = objects.GetValueOrDefault(path) + 1;
        }

        foreach (var property in json.EnumerateObject())
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!paths.TryGetValue(at, out var shape) && paths.Count < MaxPaths)
            {
                paths[at] = shape = new PathShape(line);
            }

            shape?.Add(property.Value, line);
            Visit(property.Value, at, depth + 1, line);
        }
    }
}

/// <summary>One key of the answers.</summary>
/// <param name="firstLine">That has it.</param>
internal sealed class PathShape(int firstLine)
{
    private readonly Dictionary<string, (int Count, int FirstLine)> types = [];

    public int FirstLine => firstLine;

    public int Count { get; private set; }

    /// <summary>By the type's name with its article; null is none.</summary>
    public IReadOnlyDictionary<string, (int Count, int FirstLine)> Types => types;

    public void Add(JsonElement value, int line)
    {
        Count++;
        if (value.ValueKind != JsonValueKind.Null)
        {
            var type = Text.TypeOf(value);
            types[type] = types.TryGetValue(type, out var seen) ? (seen.Count + 1, seen.FirstLine) : (1, line);
        }
    }
}
