using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Reads the objects of one file as examples; the first whose format can be told decides the file's.</summary>
internal sealed class ExampleReader(FindingLog findings, string file, string groupField)
{
    private readonly UnknownKeys unknown = new();
    private readonly ChatReader chats = new(groupField);
    private readonly CompletionReader completions = new(groupField);
    private readonly PairReader pairs = new(groupField);

    public DatasetFormat Format { get; private set; }

    /// <summary>The example, or null with at least one finding.</summary>
    public TrainingExample? Read(int line, JsonElement json)
    {
        var report = new LineReport(findings, file, line);
        if (json.ValueKind != JsonValueKind.Object)
        {
            report.Add(FindingCode.WrongType, "", $"The line is {Text.TypeOf(json)}.", "Make it an object: one example.");
            return null;
        }

        var format = Tell(json, report);
        if (format == DatasetFormat.Unknown)
        {
            return null;
        }

        TrainingExample? example = format switch
        {
            DatasetFormat.Chat => chats.Read(json, report, unknown),
            DatasetFormat.Completion => completions.Read(json, report, unknown),
            _ => pairs.Read(json, report, unknown),
        };
        return report.HasErrors ? null : example;
    }

    public void ReportUnknownKeys() => unknown.Report(findings, file);

    private DatasetFormat Tell(JsonElement json, LineReport report)
    {
        var told = new List<DatasetFormat>(1);
        var keys = new List<string>();
        foreach (var property in json.EnumerateObject())
        {
            keys.Add(property.Name);
            var format = FormatOf(property.Name);
            if (format != DatasetFormat.Unknown && !told.Contains(format))
            {
                told.Add(format);
            }
        }

        if (told.Count == 0)
        {
            var (problem, remedy) = ForeignFormat.Describe(keys);
            report.Add(FindingCode.UnknownFormat, "", problem, remedy);
            return DatasetFormat.Unknown;
        }

        if (told.Count > 1 || (Format != DatasetFormat.Unknown && told[0] != Format))
        {
            report.Add(
                FindingCode.MixedFormats, "",
                told.Count > 1
                    ? $"The line has keys of several formats: {string.Join(" and ", told.Select(KeysOf))}."
                    : $"The line has {KeysOf(told[0])}; the file began with {KeysOf(Format)}.",
                "Keep one format in a file.");
            return DatasetFormat.Unknown;
        }

        return Format = told[0];
    }

    private static DatasetFormat FormatOf(string key) => key switch
    {
        "messages" => DatasetFormat.Chat,
        "prompt" or "completion" => DatasetFormat.Completion,
        "query" or "positive" or "negatives" => DatasetFormat.Pairs,
        _ => DatasetFormat.Unknown,
    };

    private static string KeysOf(DatasetFormat format) => format switch
    {
        DatasetFormat.Chat => "messages",
        DatasetFormat.Completion => "prompt and completion",
        _ => "query and positive",
    };
}
