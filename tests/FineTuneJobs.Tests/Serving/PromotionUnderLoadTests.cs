using System.Collections.Concurrent;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Features.Predict;
using RagPlatform.FineTuneJobs.Features.PromoteAdapter;
using RagPlatform.FineTuneJobs.Features.RetireAdapter;
using RagPlatform.FineTuneJobs.Tests.Adapters;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Serving;

/// <summary>Show 7: whatever is promoted, rolled back and deleted meanwhile, no request fails, and each is answered by an adapter that was promoted while it was asked.</summary>
public sealed class PromotionUnderLoadTests : IDisposable
{
    private const int Callers = 8;
    private const int Changes = 60;
    private const string Name = "support/intents";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(32)]
    [InlineData(3)]
    public async Task Predict_WhileAdaptersAreSwitched_NeverFailsAndNamesOneThatWasPromoted(int maxLoaded)
    {
        using var host = new AdapterHost(_folder.Path, null, null, ("FineTuneJobs:Serving:MaxLoadedAdapters", maxLoaded.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var (clock, answers, failures) = (TimeProvider.System, new ConcurrentBag<(long From, long To, string Adapter)>(), new ConcurrentBag<Exception>());
        var adapters = new List<Adapter>();
        for (var made = 0; made < 4; made++)
        {
            adapters.Add(await host.RegisterAsync());
        }

        // From before the switch was asked for, to after it was done: it happened in between.
        var promoted = new List<(long Asked, long Done, string Adapter)>();
        await SwitchAsync(adapters[0].Id);
        using var done = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(AskAsync)).ToArray();
        var random = new Random(7);
        for (var change = 0; change < Changes; change++)
        {
            var before = answers.Count;
            if (change % 3 == 2)
            {
                var from = clock.GetTimestamp();
                var (adapter, _) = await host.Get<PromoteAdapterHandler>().RollBackAsync(AdapterHost.Actor, Name, CancellationToken.None).WithTimeout("a roll-back");
                promoted.Add((from, clock.GetTimestamp(), adapter.Id));
            }
            else
            {
                // A former one is deleted while requests that were given it may still be under way; a new one comes for it.
                var idle = adapters.First(adapter => adapter.Id != promoted[^1].Adapter);
                if (change % 6 == 4)
                {
                    await host.Get<RetireAdapterHandler>().DeleteAsync(AdapterHost.Actor, idle.Id, CancellationToken.None).WithTimeout("a deletion");
                    adapters.Remove(idle);
                    adapters.Add(await host.RegisterAsync());
                }

                await SwitchAsync(adapters.Where(adapter => adapter.Id != promoted[^1].Adapter).ElementAt(random.Next(adapters.Count - 1)).Id);
            }

            await TestTimeout.EventuallyAsync(() => Task.FromResult(answers.Count > before || !failures.IsEmpty), "answers between two changes");
        }

        await done.CancelAsync();
        await Task.WhenAll(callers).WithTimeout("the callers");

        failures.ShouldBeEmpty();
        answers.Count.ShouldBeGreaterThan(Changes);
        answers.Select(answer => answer.Adapter).Distinct().Count().ShouldBeGreaterThan(3);
        answers.Where(answer => !WasPromoted(answer)).ShouldBeEmpty();

        async Task SwitchAsync(string id)
        {
            var from = clock.GetTimestamp();
            await host.Get<PromoteAdapterHandler>().PromoteAsync(AdapterHost.Actor, id, CancellationToken.None).WithTimeout("a promotion");
            promoted.Add((from, clock.GetTimestamp(), id));
        }

        async Task AskAsync()
        {
            while (!done.IsCancellationRequested)
            {
                var from = clock.GetTimestamp();
                try
                {
                    var outcome = await host.Get<PredictHandler>().PredictAsync(AdapterHost.Tenant, Name, ["a", "b"], CancellationToken.None).WithTimeout("a prediction");
                    answers.Add((from, clock.GetTimestamp(), outcome.Adapter));
                    outcome.Predictions.ShouldAllBe(prediction => prediction.Json.Contains(outcome.Adapter));
                }
                catch (Exception exception)
                {
                    failures.Add(exception);
                }
            }
        }

        bool WasPromoted((long From, long To, string Adapter) answer) =>
            promoted.Index().Any(entry => entry.Item.Adapter == answer.Adapter && entry.Item.Asked <= answer.To
                && (entry.Index + 1 == promoted.Count || promoted[entry.Index + 1].Done >= answer.From));
    }
}
