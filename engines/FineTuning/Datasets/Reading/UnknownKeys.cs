using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Gathers keys that no format has, to report each once with its number of lines instead of on every line.</summary>
internal sealed class UnknownKeys
{
    private const int MaxKeys = 100;

    private readonly Dictionary<string, (int Line, long Count, IReadOnlyList<string> Known)> keys = [];
    private (int Line, long Count) others;

    /// <param name="path">Of the key, with [] for places in arrays.</param>
    /// <param name="line">Where it was met.</param>
    /// <param name="known">Keys that could have stood there.</param>
    public void Add(string path, int line, IReadOnlyList<string> known)
    {
        if (keys.TryGetValue(path, out var seen))
        {
            keys[path] = seen with { Count = seen.Count + 1 };
        }
        else if (keys.Count < MaxKeys)
        {
            keys[path] = (line, 1, known);
        }
        else
        {
            others = (others.Count == 0 ? line : others.Line, others.Count + 1);
        }
    }

    public void Report(FindingLog findings, string file)
    {
        foreach (var (path, (line, count, known)) in keys)
        {
            var name = path[(path.LastIndexOf('.') + 1)..];
            findings.Add(
                FindingCode.UnknownKey, file, line, Text.Shown(path), $"The key is not known and not read; it occurs {Times(count)}, here first.",
                $"Take it out or name it as one of {string.Join(", ", known)}.{Suggestion.Sentence(name, known)}");
        }

        if (others.Count > 0)
        {
            findings.Add(
                FindingCode.UnknownKey, file, others.Line, "", $"There are further unknown keys, not named one by one; they occur {Times(others.Count)}, here first.",
                "Take them out; data belongs in values, not in keys.");
        }
    }

    private static string Times(long count) => count == 1 ? "once" : $"{count:N0} times";
}
