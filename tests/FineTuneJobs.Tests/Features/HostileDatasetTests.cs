using System.Text;
using RagPlatform.FineTuneJobs.Tests.Support;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Features;

/// <summary>Files that nobody should train on: each gets findings, and its job fails before a worker begins.</summary>
public sealed class HostileDatasetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static readonly Dictionary<string, Func<byte[]>> Contents = new(StringComparer.Ordinal)
    {
        ["broken JSON"] = () => Encoding.UTF8.GetBytes(Examples.Chat(20) + "{\"messages\": [{\"role\":\n"),
        ["no UTF-8"] = () => [.. Encoding.UTF8.GetBytes(Examples.Chat(20)), 0xFF, 0xFE, 0xC3, 0x28, (byte)'\n'],
        ["only line ends"] = () => "\n\r\n \n\n"u8.ToArray(),
        ["nulls"] = () => new byte[10_000],
        ["a line of 20 MB"] = () => Encoding.UTF8.GetBytes(Examples.Chat(20) + "{\"messages\":\"" + new string('x', 20_000_000)),
        ["one example twenty times"] = () => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Examples.Chat(1), 20))),
        ["deep nesting"] = () => Encoding.UTF8.GetBytes(new string('[', 100_000)),
        ["no roles"] = () => Encoding.UTF8.GetBytes("{\"messages\":[]}\n{\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]}\n"),
        ["an archive"] = () => [0x50, 0x4B, 3, 4, .. new byte[1000]],
    };

    public static TheoryData<string> Names() => [.. Contents.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Job_OfAHostileFile_FailsWithItsFindings_AndNeverTrains(string name)
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ScriptTrainer.Settings("echo '{\"type\":\"event\",\"message\":\"trained\"}'"));
        var dataset = await host.Client.UploadAsync(Contents[name](), name);

        var verdict = await host.Client.ValidateDatasetAsync(new ValidateDatasetRequest { Use = new DatasetUse { TrainingDataset = dataset.Id, Method = TrainingMethod.Command } });
        var ended = await host.Client.EndAsync((await host.Client.CreateAsync(ScriptTrainer.Spec(dataset.Id))).Id);

        verdict.Errors.ShouldBeGreaterThan(0);
        verdict.Findings[0].Severity.ShouldBe(DatasetFinding.Types.Severity.Error);
        verdict.Findings.ShouldAllBe(finding => finding.Problem.Length > 0 && finding.Remedy.Length > 0 && finding.File == "training");
        (ended.State, ended.Failure.Code, ended.Attempts).ShouldBe((JobState.Failed, "DATASET_INVALID", 0));
        ended.Failure.Problem.ShouldContain(verdict.Findings[0].Code);
        Directory.Exists(_folder.File("finetune/jobs")).ShouldBeFalse();
    }

    [Fact]
    public async Task Validate_OfGoodExamples_GivesStatisticsAndAnEstimate()
    {
        await using var host = await FineTuneHost.StartAsync(_folder.Path, ScriptTrainer.Settings());
        var dataset = await host.UploadAsync(Examples.Chat(100));

        var verdict = await host.Client.ValidateDatasetAsync(new ValidateDatasetRequest { Use = new DatasetUse { TrainingDataset = dataset.Id, Method = TrainingMethod.Command } });

        verdict.Errors.ShouldBe(0, string.Join('\n', verdict.Findings));
        var statistics = verdict.Statistics;
        statistics.Examples.ShouldBe(100);
        (statistics.TrainingExamples + statistics.ValidationExamples + statistics.TestExamples).ShouldBe(100);
        statistics.Tokens.ShouldBeGreaterThan(0);
        statistics.Labels.Select(label => label.Label).Order().ShouldBe(["book", "weather"]);
        verdict.Estimate.Tokens.ShouldBeGreaterThanOrEqualTo(statistics.Tokens);
        verdict.Estimate.Basis.ShouldNotBeEmpty();
    }
}
