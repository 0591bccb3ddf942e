using FsCheck;
using FsCheck.Fluent;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Tests.Jobs;

public sealed class QueueOrderProperties
{
    private static readonly string[] Tenants = ["a", "b", "c"];

    [Fact]
    public void Arrange_GivesEachJobOnce_TenantsInTurn_AndATenantsJobsByPriorityThenAge() =>
        Prop.ForAll(Gen.ListOf(Gen.Elements(Tenants).SelectMany(tenant => Gen.Choose(-2, 2).Select(priority => (tenant, priority)))).ToArbitrary(), drawn =>
        {
            var waiting = drawn.Select((job, index) => new QueuedJob(index + 1, $"job {index}", job.tenant, job.priority)).ToList();

            var order = QueueOrder.Arrange(waiting, new Dictionary<string, int>(), new Dictionary<string, long>());

            var sound = order.OrderBy(job => job.Number).SequenceEqual(waiting);
            foreach (var tenant in Tenants)
            {
                var own = order.Where(job => job.Tenant == tenant).ToList();
                sound &= own.SequenceEqual(own.OrderByDescending(job => job.Priority).ThenBy(job => job.Number));
                // While it has jobs left, it never gets a second more turn than another that has jobs left.
                for (var count = 1; count <= order.Count; count++)
                {
                    var begun = order.Take(count).ToList();
                    sound &= Tenants.Where(other => order.Skip(count).Any(job => job.Tenant == other)).All(other => begun.Count(job => job.Tenant == tenant) - begun.Count(job => job.Tenant == other) <= 1);
                }
            }

            return sound;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Arrange_ATenantWithoutRunningJobs_ComesFirst()
    {
        QueuedJob[] waiting = [new(1, "busy", "a", 100), new(2, "idle", "b", -100), new(3, "served lately", "c", 0)];

        var order = QueueOrder.Arrange(waiting, new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, long> { ["c"] = 5, ["b"] = 1 });

        order.Select(job => job.Id).ShouldBe(["idle", "served lately", "busy"]);
    }
}
