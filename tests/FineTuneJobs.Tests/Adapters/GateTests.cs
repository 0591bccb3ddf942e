using FsCheck;
using FsCheck.Fluent;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Tests.Adapters;

public sealed class GateTests
{
    private static readonly GateEvidence Sound = new(100, 0, null, 0.9, null, null);

    [Fact]
    public void Judge_GoodSpecialist_Passes()
    {
        var report = Judge("specialist", AdapterHost.Rows(0.95), Sound);

        report.Checks.Where(check => !check.Passed).ShouldBeEmpty();
        report.Checks.Select(check => check.Name).ShouldContain("min_refusal_kept");
    }

    [Fact]
    public void Judge_AdapterThatAnswersEverything_IsRefusedForIt()
    {
        var report = Judge("specialist", AdapterHost.Rows(0.99), Sound with { ProbeRefused = 0 });

        report.Passed.ShouldBeFalse();
        report.Checks.Where(check => !check.Passed).ShouldHaveSingleItem().Explanation.ShouldContain("answers what it should not");
    }

    [Fact]
    public void Judge_HeldOutRefusalsLost_AreNotMadeGoodByTheProbe()
    {
        var rows = With(AdapterHost.Rows(0.99), "refusal_kept", 0.1);

        Failed(Judge("specialist", rows, Sound)).ShouldBe(["min_refusal_kept"]);
    }

    [Fact]
    public void Judge_PartsOfTextsHardlyFound_IsRefusedHoweverGoodTheLabels() =>
        Failed(Judge("specialist", With(AdapterHost.Rows(0.99), "slot_f1", 0.29), Sound)).ShouldBe(["min_slot_f1"]);

    [Fact]
    public void Judge_LeakedTestData_IsRefusedAndSaysHowMuch()
    {
        var report = Judge("specialist", AdapterHost.Rows(1), Sound with { LeakedExamples = 7 });

        var check = report.Checks.Where(check => !check.Passed).ShouldHaveSingleItem();
        check.Name.ShouldBe("max_leaked_share");
        check.Explanation.ShouldContain("7 of 100");
    }

    [Theory]
    [InlineData(0.9, "min_gain_over_nearest_neighbour")]
    [InlineData(0.22, "min_gain_over_majority,min_gain_over_nearest_neighbour,min_macro_f1")]
    public void Judge_NoBetterThanABaseline_IsRefused(double accuracy, string failed) =>
        Failed(Judge("specialist", AdapterHost.Rows(accuracy), Sound)).ShouldBe(failed.Split(','));

    [Fact]
    public void Judge_BaselineWithoutErrors_AsksForNoMoreThanThat()
    {
        var rows = AdapterHost.Rows(1).Select(row => new EvaluationRow(row.System, new Dictionary<string, double>(row.Metrics) { ["accuracy"] = 1 })).ToList();

        Judge("specialist", rows, Sound).Passed.ShouldBeTrue();
    }

    [Fact]
    public void Judge_NothingMeasured_FailsRatherThanPasses()
    {
        var report = Judge("specialist", [], Sound with { ProbeRefused = null });

        Failed(report).ShouldBe(["min_gain_over_majority", "min_gain_over_nearest_neighbour", "min_schema_validity", "min_refusal_kept"]);
        report.Checks[0].Explanation.ShouldContain("Not measured");
    }

    [Fact]
    public void Judge_NotANumber_CountsAsNotMeasured() =>
        Failed(Judge("specialist", With(AdapterHost.Rows(0.95), "schema_validity", double.NaN), Sound)).ShouldBe(["min_schema_validity"]);

    [Theory]
    [InlineData(9.9, 10, true)]
    [InlineData(10, 10, false)]
    [InlineData(double.PositiveInfinity, 10, false)]
    public void Judge_DecodersPerplexity_MustBeBelowItsBases(double mine, double former, bool passes)
    {
        var rows = new[] { Row("adapter", ("perplexity", mine), ("refusal_kept", 1)), Row("base", ("perplexity", former), ("refusal_kept", 1)) };

        Judge("decoder", rows, Sound).Passed.ShouldBe(passes);
    }

    [Theory]
    [InlineData(0.4, 0.5, false)]
    [InlineData(0.5, 0.5, true)]
    [InlineData(0.0, 0.0, true)]
    public void Judge_DecoderWhoseBaseRefusedLess_NeedsNoMoreThanTheBase(double mine, double former, bool passes)
    {
        var rows = new[] { Row("adapter", ("perplexity", 5), ("refusal_kept", mine)), Row("base", ("perplexity", 9), ("refusal_kept", former)) };

        Judge("decoder", rows, Sound with { ProbeRefused = null }).Passed.ShouldBe(passes);
    }

    [Theory]
    [InlineData(0.7, 0.65, 0.3, 0.3, "")]
    [InlineData(0.64, 0.65, 0.3, 0.3, "min_ndcg_gain")]
    [InlineData(0.7, 0.65, 0.28, 0.3, "max_ndcg_loss_elsewhere")]
    public void Judge_Retriever_MustNotLoseHereOrElsewhere(double mine, double former, double mineElsewhere, double formerElsewhere, string failed)
    {
        var rows = new[]
        {
            Row("adapter", ("ndcg_at_10", mine), ("ndcg_at_10_cisi", mineElsewhere)), Row("base", ("ndcg_at_10", former), ("ndcg_at_10_cisi", formerElsewhere)),
        };

        Failed(Judge("retriever", rows, Sound with { ProbeRefused = null })).ShouldBe(failed.Length == 0 ? [] : [failed]);
    }

    [Fact]
    public void Judge_BrokenFiles_AreRefusedWithTheReason() =>
        Judge("specialist", AdapterHost.Rows(0.95), Sound with { SmokeProblem = "no head" }).Checks.Single(check => !check.Passed).Explanation.ShouldContain("no head");

    [Fact]
    public void Judge_LimitAtItsLoosestEnd_DropsTheCheck() =>
        new Gate(new Dictionary<string, double> { ["min_refusal_kept"] = 0 }).Judge("specialist", AdapterHost.Rows(0.95), Sound with { ProbeRefused = 0 }, 1000).Passed.ShouldBeTrue();

    [Fact]
    public void Judge_AnyRowsAndLimits_NeverThrowsAndIsMonotone()
    {
        var numbers = Gen.Elements(0, 0.2, 0.5, 0.9, 1, -3, 1e300, double.NaN, double.PositiveInfinity);
        var property = Prop.ForAll(
            Gen.Elements("specialist", "decoder", "retriever", "reranker", "openai", "command", "else").ToArbitrary(),
            Gen.ArrayOf(numbers, 6).ToArbitrary(),
            Gen.Choose(0, GateLimit.All.Count - 1).ToArbitrary(),
            (method, values, which) =>
            {
                var rows = new[] { "adapter", "base", "majority", "nearest neighbour" }
                    .Select((system, index) => Row(system, ("accuracy", values[index]), ("perplexity", values[(index + 1) % 6]), ("ndcg_at_10", values[(index + 2) % 6]), ("schema_validity", values[5]))).ToList();
                var limit = GateLimit.All[which];
                var isMin = limit.Name.StartsWith("min_", StringComparison.Ordinal);
                var (loose, strict) = isMin ? (limit.Min, limit.Max) : (limit.Max, limit.Min);
                var loosely = Judge(method, rows, Sound, (limit.Name, loose));
                var strictly = Judge(method, rows, Sound, (limit.Name, strict));
                loosely.Passed.ShouldBe(loosely.Checks.All(check => check.Passed));
                (strictly.Passed && !loosely.Passed).ShouldBeFalse("a stricter gate passed what a looser one refused");
            });

        property.Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 1));
    }

    private static GateReport Judge(string method, IReadOnlyList<EvaluationRow> rows, GateEvidence evidence, params (string Name, double Value)[] limits) =>
        new Gate(limits.ToDictionary(limit => limit.Name, limit => limit.Value)).Judge(method, rows, evidence, bytes: 1000);

    private static string[] Failed(GateReport report) => [.. report.Checks.Where(check => !check.Passed).Select(check => check.Name)];

    private static EvaluationRow Row(string system, params (string Name, double Value)[] metrics) => new(system, metrics.ToDictionary(metric => metric.Name, metric => metric.Value));

    private static IReadOnlyList<EvaluationRow> With(IReadOnlyList<EvaluationRow> rows, string metric, double value) =>
        [.. rows.Select(row => row.System == "adapter" ? new EvaluationRow(row.System, new Dictionary<string, double>(row.Metrics) { [metric] = value }) : row)];
}
