using RagPlatform.Protos.Search.V1;

namespace RagPlatform.CommandLine.Tests.Evaluation;

public sealed class EvalTuneTests : EvaluationFixture
{
    private const int Queries = 40;

    public EvalTuneTests()
    {
        WriteSet("tuned", [.. Enumerable.Range(1, Queries).Select(i => ($"{i}", $"d{i}"))]);
    }

    [Fact]
    public async Task Tune_WhenAWeightIsBest_FindsItAndAppliesIt()
    {
        Gateway.Rank = request => Ranking(request, atBest: Math.Abs(request.Settings.VectorWeight - 0.8) < 1e-9);
        Gateway.Collections["manuals"] = new();
        Gateway.Settings["manuals"] = new CollectionSettings { Fusion = FusionMethod.MinMax };

        var ran = await RunAsync("eval", "retrieval", "tuned", "--tune", "--apply", "manuals", "--json");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        var tuning = ran.Json.GetProperty("tuning");
        tuning.GetProperty("bestWeight").GetDouble().ShouldBe(0.8);
        tuning.GetProperty("curve").GetArrayLength().ShouldBe(11);
        tuning.GetProperty("best").GetProperty("mean").GetDouble().ShouldBe(1);
        tuning.GetProperty("difference").GetProperty("mean").GetDouble().ShouldBe(0.5, 1e-9);
        tuning.GetProperty("pValue").GetDouble().ShouldBeLessThan(0.01);
        tuning.GetProperty("appliedTo").GetString().ShouldBe("manuals");
        Gateway.Settings["manuals"].ShouldBe(new CollectionSettings { Fusion = FusionMethod.MinMax, VectorWeight = 0.8 });
    }

    [Fact]
    public async Task Tune_WhenNoWeightIsBetter_KeepsTheCurrentOneAndAppliesNothing()
    {
        Gateway.Rank = request => Ranking(request, atBest: false);
        Gateway.Collections["manuals"] = new();

        var ran = await RunAsync("eval", "retrieval", "tuned", "--tune", "--apply", "manuals");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        ran.Out.ShouldContain("chosen on one half of the queries: 0.5 (now 0.5)");
        ran.Out.ShouldContain("It is no better: leave the weight as it is.");
        Gateway.Settings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tune_Choice_IsMadeWithoutTheQueriesItIsJudgedBy()
    {
        await RunAsync("eval", "retrieval", "tuned", "--tune");

        // The first search of each weight warms up; weights other than the current one are tried on one half only.
        var halves = Gateway.Searches.Where(search => search.Settings.HasVectorWeight && search.Settings.VectorWeight < 0.45)
            .Select(search => search.Query).Distinct().Count();
        halves.ShouldBe(Queries / 2);
    }

    /// <summary>The wanted document first, or third.</summary>
    private static IEnumerable<string> Ranking(RagPlatform.Protos.Gateway.V1.SearchRequest request, bool atBest) =>
        atBest ? [$"d{request.Query}"] : ["x", "y", $"d{request.Query}"];
}
