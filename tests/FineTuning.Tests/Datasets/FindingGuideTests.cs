using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Tests.Datasets;

/// <summary>docs/guides/fine-tuning-data.md says what the code does.</summary>
public sealed partial class FindingGuideTests
{
    [Fact]
    public void TableOfFindings_IsTheClosedSet()
    {
        var rows = FindingRow.Matches(Guide()).Select(row => (row.Groups["code"].Value, row.Groups["severity"].Value));

        rows.ShouldBe(FindingCode.All.Select(code => (code.Name, code.Severity == FindingSeverity.Error ? "error" : "warning")));
    }

    [Fact]
    public void ClosedSet_HoldsEveryCodeOnce()
    {
        var declared = typeof(FindingCode).GetFields().Where(field => field.FieldType == typeof(FindingCode)).Select(field => (FindingCode)field.GetValue(null)!);

        FindingCode.All.ShouldBe(declared);
        FindingCode.All.Select(code => code.Name).ShouldBeUnique();
    }

    [Fact]
    public void ExamplesOfFormats_AreReadWithoutFindings()
    {
        var blocks = JsonBlock.Matches(Guide()).Select(block => TrainingData.Read(block.Groups["lines"].Value)).ToList();

        blocks.Select(file => file.Format).ShouldBe([DatasetFormat.Chat, DatasetFormat.Completion, DatasetFormat.Pairs]);
        blocks.ShouldAllBe(file => file.Findings.Kept().Count == 0);
    }

    [Fact]
    public void MethodRules_StandInTheGuide()
    {
        var guide = Guide();
        foreach (var rules in MethodRules.All.Where(rules => rules.UsualExamples > 0))
        {
            guide.ShouldMatch($@"\| [a-z, ]*{rules.Method}[a-z, ]* \| {rules.MinExamples} distinct [a-z]+ \| {rules.UsualExamples} \|");
        }
    }

    private static string Guide([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "guides", "fine-tuning-data.md"));

    [GeneratedRegex(@"^\| `(?<code>[A-Z0-9_]+)` \| (?<severity>\w+) \|", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex FindingRow { get; }

    [GeneratedRegex(@"```json\n(?<lines>[^`]*)```", RegexOptions.NonBacktracking)]
    private static partial Regex JsonBlock { get; }
}
