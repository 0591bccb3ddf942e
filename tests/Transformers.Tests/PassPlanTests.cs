using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers.Tests;

public sealed class PassPlanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void For_AnyLengths_TakesEveryTextOnce(int threads)
    {
        var random = new Random(threads);
        for (var count = 0; count < 60; count++)
        {
            var lengths = Enumerable.Range(0, count).Select(_ => random.Next(1, 300)).ToArray();
            var plan = PassPlan.For(lengths, threads);
            plan.Passes.SelectMany(pass => pass).Order().ShouldBe(Enumerable.Range(0, count));
            plan.Passes.ShouldAllBe(pass => pass.Length > 0);
            plan.ThreadsPerPass.ShouldBeInRange(1, threads);
        }
    }

    [Fact]
    public void For_OneText_SharesItsPassBetweenTheThreads() => PassPlan.For([50], 2).ThreadsPerPass.ShouldBe(2);

    [Fact]
    public void For_OneTextFarLongerThanTheOthers_SharesEachPass() => PassPlan.For([250, 5, 5], 2).ThreadsPerPass.ShouldBe(2);

    [Fact]
    public void For_ShortTexts_ShareAPassOfAboutAHundredRows()
    {
        var plan = PassPlan.For([.. Enumerable.Repeat(20, 64)], 2);
        plan.ThreadsPerPass.ShouldBe(1);
        plan.Passes.Length.ShouldBe(10);
        plan.Passes.ShouldAllBe(pass => pass.Length * 20 <= 140);
    }

    [Fact]
    public void For_ManyThreads_KeepsATeamSmall() => PassPlan.For([50], 500).ThreadsPerPass.ShouldBe(16);
}
