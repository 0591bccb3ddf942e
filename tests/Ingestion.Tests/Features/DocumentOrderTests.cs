using RagPlatform.Contracts;
using RagPlatform.Ingestion.Features.DropDocuments;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class DocumentOrderTests
{
    private readonly DocumentOrder _order = new();

    [Fact]
    public async Task Works_OfOneDocument_RunOneAfterTheOther_InTheirOrder()
    {
        var (seen, running) = (new List<int>(), 0);
        for (var number = 0; number < 200; number++)
        {
            var own = number;
            _order.Run(Key("a"), async () =>
            {
                Interlocked.Increment(ref running).ShouldBe(1);
                await Task.Yield();
                seen.Add(own);
                Interlocked.Decrement(ref running);
            });
        }

        await _order.WhenIdleAsync().WithTimeout("the works");
        seen.ShouldBe(Enumerable.Range(0, 200));
    }

    [Fact]
    public async Task Works_OfOtherDocuments_AndOfNone_DoNotWaitForAnother()
    {
        var gate = new TaskCompletionSource();
        _order.Run(Key("held"), () => gate.Task);
        _order.Run(Key("held"), () => Task.CompletedTask);
        var ran = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        _order.Run(Key("free"), () => Done(ran[0]));
        _order.Run(null, () => Done(ran[1]));
        await Task.WhenAll(ran.Select(one => one.Task)).WithTimeout("the others");
        _order.Count.ShouldBeGreaterThanOrEqualTo(2);
        gate.SetResult();
        await _order.WhenIdleAsync().WithTimeout("the held ones");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(_order.Count == 0), "nothing is kept of what has ended");
    }

    private static Task Done(TaskCompletionSource source)
    {
        source.SetResult();
        return Task.CompletedTask;
    }

    private static DocumentKey Key(string id) => new("default", "docs", id);
}
