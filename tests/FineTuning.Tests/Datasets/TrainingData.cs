using System.Text;
using System.Text.Json;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Splitting;

namespace RagPlatform.FineTuning.Tests.Datasets;

/// <summary>Small files of examples.</summary>
internal static class TrainingData
{
    public static TrainingFileContent Read(string text, string name = "training") => Read(Encoding.UTF8.GetBytes(text), name);

    public static TrainingFileContent Read(byte[] bytes, string name = "training", TrainingFileLimits? limits = null) =>
        TrainingFile.Read(new MemoryStream(bytes), name, limits ?? new TrainingFileLimits(), CancellationToken.None);

    public static TrainingFileContent ReadLines(IEnumerable<string> lines, string name = "training") => Read(string.Join('\n', lines), name);

    public static string Chat(string user, string assistant, string? group = null) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["messages"] = new[] { new { role = "user", content = user }, new { role = "assistant", content = assistant } },
        ["group"] = group,
    });

    public static string Pair(string query, string positive, params string[] negatives) => JsonSerializer.Serialize(new { query, positive, negatives });

    /// <summary>Texts of eight made-up words, nearly always far from each other.</summary>
    public static IEnumerable<string> Texts(int count, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            yield return string.Join(' ', Enumerable.Range(0, 8).Select(_ => Word(random)));
        }
    }

    public static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => (char)('a' + random.Next(26))));

    public static DatasetReport Inspect(
        TrainingFileContent training, MethodRules rules, TrainingFileContent? validation = null, TrainingFileContent? test = null, int maxTokens = 256,
        SplitSettings? split = null) =>
        new DatasetInspection
        {
            Rules = rules,
            Split = split ?? new SplitSettings(),
            MaxTokens = maxTokens,
            CountTokens = text => text.Split(' ').Length,
        }.Inspect(training, validation, test, CancellationToken.None);

    /// <summary>As a person reads it.</summary>
    public static string Print(Finding finding) =>
        $"{finding.File}:{finding.Line} {finding.Severity} {finding.Code} [{finding.Field}] {finding.Problem} | {finding.Remedy}";

    public static IReadOnlyList<string> Codes(FindingLog findings) => [.. findings.Kept().Select(finding => finding.Code.Name)];

    public static Finding Single(FindingLog findings, FindingCode code) => findings.Kept().Single(finding => finding.Code == code);
}
