using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>The reports of past runs, a file each, in the folder evaluations of the data folder. The oldest beyond <see cref="MaxRuns"/> go.</summary>
internal sealed class EvaluationHistory(string folder)
{
    public const int MaxRuns = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static EvaluationHistory Of(Session session) => new(Path.Combine(Checkout.Find(session).DataDirectory, "evaluations"));

    public static string IdOf(DateTimeOffset at, string set) =>
        $"{at.ToUniversalTime().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture)}-{string.Concat(set.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'))}";

    /// <summary>Whole or not at all.</summary>
    public void Add(EvaluationReport report)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, report.Id + ".json");
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(report, Json));
        File.Move(path + ".new", path, overwrite: true);
        foreach (var old in Files().SkipLast(MaxRuns))
        {
            File.Delete(old);
        }
    }

    /// <summary>The oldest first. Files that are no reports are left out.</summary>
    public IReadOnlyList<EvaluationReport> List() => [.. Files().Select(Read).OfType<EvaluationReport>()];

    /// <param name="name">An id or the beginning of one; "last", or "last~1" for the one before it.</param>
    /// <exception cref="CommandException">No run is named so, or several are.</exception>
    public EvaluationReport Find(string name)
    {
        var files = Files();
        string[] found = name.StartsWith("last", StringComparison.Ordinal) && Back(name) is { } back
            ? [.. files.SkipLast(back).TakeLast(1)]
            : [.. files.Where(file => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal))];
        return found switch
        {
            [var file] => Read(file) ?? throw new CommandException($"{file} is no report of an evaluation.", "Delete it and evaluate again."),
            [] => throw new CommandException($"there is no run '{name}'.", "See them with: rag eval history", ExitCode.NothingFound),
            _ => throw new CommandException($"{found.Length} runs begin with '{name}'.", "Give more of the id.", ExitCode.Usage),
        };
    }

    private static int? Back(string name) => name == "last" ? 0
        : name.StartsWith("last~", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var steps) ? steps
        : null;

    private string[] Files() => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)] : [];

    private static EvaluationReport? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllText(file), Json);
        }
        catch (JsonException)
        {
            return null; // cut off, or of another program
        }
    }
}
