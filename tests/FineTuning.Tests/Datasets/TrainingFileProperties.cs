using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;
using static RagPlatform.FineTuning.Tests.Datasets.TrainingData;

namespace RagPlatform.FineTuning.Tests.Datasets;

/// <summary>Whatever the bytes are: findings with lines, no exception. A failure prints the seed; the seeds are fixed.</summary>
public sealed class TrainingFileProperties
{
    private static readonly TrainingFileLimits Limits = new() { MaxLineBytes = 300, MaxFindingsPerCode = 100_000 };

    private static readonly string[] Seeds =
    [
        """{"messages": [{"role": "system", "content": "Be \u00e9."}, {"role": "user", "content": "Hi 😀"}, {"role": "assistant", "content": "Yes", "weight": 1}]}""",
        """{"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}]}, {"role": "assistant", "content": null, "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}]}], "tools": [{"function": {"name": "f"}}]}""",
        """{"prompt": "a \ud83d\ude00", "completion": "b", "group": 3}""",
        """{"query": "q", "positive": "p", "negatives": ["n", "m"]}""",
    ];

    [Fact]
    public void Read_OfArbitraryBytes_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Holds(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261120, 1));

    [Fact]
    public void Read_OfMutatedFiles_MakesEveryLineAnExampleOrAnError() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Holds(Mutated(new Random(seed)))).Check(Config.QuickThrowOnFailure.WithMaxTest(4000).WithReplay(20261120, 3));

    [Fact]
    public void Read_InPieces_IsTheSame() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var bytes = Mutated(random);
            var whole = Read(bytes, limits: Limits);
            var pieces = TrainingFile.Read(new DrippingStream(bytes, random), "training", Limits, CancellationToken.None);
            Describe(pieces).ShouldBe(Describe(whole));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 5));

    [Fact]
    public void Inspect_OfWhateverWasRead_NeverThrowsAndNeverTrainsOnNothing() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var file = Read(Mutated(random), limits: Limits);
            var report = TrainingData.Inspect(file, MethodRules.All[random.Next(MethodRules.All.Count)], validation: random.Next(2) == 0 ? Read(Mutated(random), "validation", Limits) : null);
            (report.Set is null).ShouldBe(report.Findings.Errors > 0);
            (report.Set is null || report.Set is { Training.Count: > 0, Validation.Count: > 0, Test.Count: > 0 }).ShouldBeTrue();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 7));

    private static void Holds(byte[] bytes)
    {
        var file = Read(bytes, limits: Limits);

        var errors = file.Findings.Kept().Where(finding => finding.Severity == FindingSeverity.Error).ToList();
        var lines = bytes.Count(value => value == '\n') + 1;
        errors.Where(finding => finding.Line < 0 || finding.Line > lines || finding.Problem.Length == 0 || finding.Remedy.Length == 0).ShouldBeEmpty();
        var broken = errors.Select(finding => finding.Line).Where(line => line > 0).ToHashSet();
        file.Examples.Where(example => broken.Contains(example.Line)).ShouldBeEmpty();
        if (!Codes(file.Findings).Contains("NOT_JSON_LINES") && !errors.Exists(finding => finding.Problem == "The file is UTF-16."))
        {
            ((long)broken.Count + file.Examples.Count).ShouldBe(file.Lines, "every line that is not blank is an example or an error");
        }

        (file.Examples.Count > 0 || file.Findings.Counts.ContainsKey(FindingCode.NoExamples)).ShouldBeTrue();
        file.Findings.Kept().Where(finding => finding.Problem.Contains('\n')).ShouldBeEmpty();
    }

    private static byte[] Mutated(Random random)
    {
        var lines = Enumerable.Range(0, random.Next(1, 8)).Select(_ => Seeds[random.Next(4) == 0 ? random.Next(Seeds.Length) : 0]);
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines)).ToList();
        for (var edits = random.Next(6); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)"{}[]\",:\\\n\r u0"[random.Next(13)]);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(40), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static string Describe(TrainingFileContent file) =>
        string.Join('\n', file.Findings.Kept().Select(Print).Append($"{file.Format} {file.Lines} {file.Bytes}").Concat(file.Examples.Select(example => example.Line.ToString(System.Globalization.CultureInfo.InvariantCulture))));

    private sealed class DrippingStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, 50)));
    }
}
