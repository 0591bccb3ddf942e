using RagPlatform.AppHost.Local.Running;
using RagPlatform.TestKit;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class RestartPolicyTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Delays_OfRestartsInARow_DoubleUpToThirtySeconds()
    {
        var policy = new RestartPolicy(time);

        var seconds = Enumerable.Range(0, RestartPolicy.MaxRestarts).Select(_ => policy.Next()!.Value.TotalSeconds);

        seconds.ShouldBe([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
    }

    [Fact]
    public void Restarts_MoreThanTenInTenMinutes_AreGivenUp()
    {
        var policy = new RestartPolicy(time);
        for (var restart = 0; restart < RestartPolicy.MaxRestarts; restart++)
        {
            policy.Next().ShouldNotBeNull();
            time.Advance(TimeSpan.FromSeconds(59));
        }

        policy.Next().ShouldBeNull();
    }

    [Fact]
    public void Restarts_LongAgo_AreForgotten()
    {
        var policy = new RestartPolicy(time);
        for (var restart = 0; restart < RestartPolicy.MaxRestarts; restart++)
        {
            policy.Next();
        }

        time.Advance(RestartPolicy.Window + TimeSpan.FromSeconds(1));

        policy.Next().ShouldBe(TimeSpan.FromSeconds(0.25));
    }
}
