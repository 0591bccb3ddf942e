using Microsoft.Extensions.DependencyInjection;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuneJobs.Features.GetDrift;
using RagPlatform.FineTuneJobs.Features.Predict;
using RagPlatform.FineTuneJobs.Serving.Drift;
using RagPlatform.FineTuneJobs.Tests.Adapters;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Serving;

public sealed class DriftTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task GetDrift_AsAtTraining_IsNoAlert()
    {
        using var host = Host();
        var adapter = await host.RegisterAsync();
        await AskAsync(host, adapter, "text", 300);

        var report = await ReportAsync(host, adapter);

        (report.IsAlert, report.Predictions).ShouldBe((false, 300));
        report.Measures.Select(measure => measure.Name).ShouldBe(["mean_confidence", "out_of_scope_rate"]);
    }

    [Fact]
    public async Task GetDrift_WhenOddTextsCome_AlertsWithTheLeastSureFirst()
    {
        using var host = Host();
        var adapter = await host.RegisterAsync();
        await AskAsync(host, adapter, "text", 60);
        await AskAsync(host, adapter, "odd", 60);

        var report = await ReportAsync(host, adapter);

        report.IsAlert.ShouldBeTrue();
        report.Examples.Count.ShouldBe(50);
        report.Examples.ShouldAllBe(text => text.StartsWith("odd"));
        report.Measures.ShouldAllBe(measure => !measure.Band!.Holds(measure.Value));
    }

    [Fact]
    public async Task GetDrift_WithFewPredictions_DoesNotAlertYet()
    {
        using var host = Host();
        var adapter = await host.RegisterAsync();
        await AskAsync(host, adapter, "odd", 99);

        (await ReportAsync(host, adapter)).IsAlert.ShouldBeFalse();
        await AskAsync(host, adapter, "odd", 1);
        (await ReportAsync(host, adapter)).IsAlert.ShouldBeTrue();
    }

    [Fact]
    public async Task GetDrift_AfterTheOddOnesAreOver_IsNoAlert()
    {
        using var host = Host(("FineTuneJobs:Drift:WindowPredictions", "120"));
        var adapter = await host.RegisterAsync();
        await AskAsync(host, adapter, "odd", 120);
        await AskAsync(host, adapter, "text", 120);

        (await ReportAsync(host, adapter)).ShouldSatisfyAllConditions(report => report.IsAlert.ShouldBeFalse(), report => report.Predictions.ShouldBe(120));
    }

    [Fact]
    public async Task Texts_AreForgottenWhenTheirTimeIsOver()
    {
        using var host = Host(("FineTuneJobs:Drift:TextHours", "24"));
        var adapter = await host.RegisterAsync();
        await AskAsync(host, adapter, "odd", 10);
        (await ReportAsync(host, adapter)).Examples.Count.ShouldBe(10);

        _time.Advance(TimeSpan.FromHours(24));

        (await ReportAsync(host, adapter)).Examples.ShouldBeEmpty();
        await host.Get<DriftDatabase>().ForgetOldTextsAsync(CancellationToken.None);
        File.ReadAllText(Path.Combine(_folder.Path, "finetune", "drift.db"), System.Text.Encoding.Latin1).ShouldNotContain("odd 3");
    }

    [Fact]
    public async Task Texts_WhenNoneAreToBeKept_AreNowhere()
    {
        using var host = Host(("FineTuneJobs:Drift:TextHours", "0"));
        var adapter = await host.RegisterAsync();
        await AskAsync(host, adapter, "odd", 120);

        var report = await ReportAsync(host, adapter);

        (report.IsAlert, report.Examples.Count).ShouldBe((true, 0));
        Directory.GetFiles(Path.Combine(_folder.Path, "finetune"), "drift.db*").ShouldAllBe(file => !ReadShared(file).Contains("odd 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Window_SurvivesARestart()
    {
        var adapter = await UseAsync(async host =>
        {
            var adapter = await host.RegisterAsync();
            await AskAsync(host, adapter, "odd", 110);
            await host.Get<DriftRecorder>().StopAsync(CancellationToken.None);
            return adapter;
        });

        using var again = Host();

        (await ReportAsync(again, adapter)).ShouldSatisfyAllConditions(report => report.Predictions.ShouldBe(110), report => report.IsAlert.ShouldBeTrue());
    }

    /// <summary>1,000 windows drawn from the very distribution of the held-out part: at 99.9% each, 3 of 2,000 measures outside is already rare.</summary>
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    public void Bands_OfUnchangedTexts_AreLeftSeldom(double rate)
    {
        var random = new Random(42);
        var outside = 0;
        for (var trial = 0; trial < 1000; trial++)
        {
            var (held, window) = (Draw(random, rate, 400), Draw(random, rate, 300));
            var reference = new ServedReference(400, held.Mean, held.Deviation, held.OutOfScope);
            outside += DriftBand.OfConfidence(reference, 300)!.Holds(window.Mean) ? 0 : 1;
            outside += DriftBand.OfOutOfScope(reference, 300)!.Holds(window.OutOfScope / 300.0) ? 0 : 1;
        }

        outside.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public void Bands_OfATinyHeldOutPart_SayNothing() =>
        DriftBand.OfConfidence(new ServedReference(19, 0.9, 0.1, 0), 300).ShouldBeNull();

    private static (double Mean, double Deviation, int OutOfScope) Draw(Random random, double rate, int count)
    {
        var confidences = Enumerable.Range(0, count).Select(_ => Math.Pow(random.NextDouble(), 0.3)).ToList();
        var mean = confidences.Average();
        return (mean, Math.Sqrt(confidences.Sum(value => (value - mean) * (value - mean)) / (count - 1)), Enumerable.Range(0, count).Count(_ => random.NextDouble() < rate));
    }

    private AdapterHost Host(params (string, string)[] settings) => new(_folder.Path, null, _time, settings);

    private async Task<T> UseAsync<T>(Func<AdapterHost, Task<T>> work)
    {
        using var host = Host();
        return await work(host);
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static async Task AskAsync(AdapterHost host, Adapter adapter, string prefix, int count)
    {
        foreach (var texts in Enumerable.Range(0, count).Select(index => $"{prefix} {index}").Chunk(60))
        {
            await host.Get<PredictHandler>().PredictAsync(AdapterHost.Tenant, adapter.Id, texts, CancellationToken.None).WithTimeout("the predictions");
        }
    }

    private static Task<DriftReport> ReportAsync(AdapterHost host, Adapter adapter) =>
        host.Get<GetDriftHandler>().GetAsync(AdapterHost.Tenant, adapter.Id, CancellationToken.None).WithTimeout("the report");
}
