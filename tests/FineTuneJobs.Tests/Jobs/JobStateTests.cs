using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Tests.Jobs;

public sealed class JobStateTests
{
    [Fact]
    public void States_ThatAreOver_LeadNowhere_ButAFailedOneMayGoOn()
    {
        var edges = from state in Enum.GetValues<JobState>() where state.IsOver() from next in Enum.GetValues<JobState>() where state.MayBecome(next) select (state, next);

        edges.ShouldBe([(JobState.Failed, JobState.Queued)]);
    }

    [Fact]
    public void States_ThatAreNotOver_CanBeCancelled_AndAreReachedFromTheFirst()
    {
        foreach (var state in Enum.GetValues<JobState>().Where(state => !state.IsOver()))
        {
            state.MayBecome(JobState.Cancelled).ShouldBeTrue();
        }

        var reached = new HashSet<JobState> { JobState.ValidatingFiles };
        while (Enum.GetValues<JobState>().Any(next => reached.Any(state => state.MayBecome(next)) && reached.Add(next)))
        {
            // Until nothing new is reached.
        }

        reached.Count.ShouldBe(Enum.GetValues<JobState>().Length);
    }

    [Fact]
    public void Names_AreOpenAIs() =>
        Enum.GetValues<JobState>().Select(state => state.Name()).ShouldBe(["validating_files", "queued", "running", "paused", "succeeded", "failed", "cancelled"]);
}
