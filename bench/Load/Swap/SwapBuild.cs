using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Bench.Load.Swap;

/// <summary>A build, killed with its process when it is 40% done, to its end.</summary>
/// <param name="KilledAt">Chunks last told before the kill.</param>
/// <param name="ResumedAt">Chunks first told after it.</param>
/// <param name="Away">From the kill until Retrieval answered again.</param>
/// <param name="ChunksPerSecond">Last told of either part.</param>
internal sealed record SwapBuild(IndexBuild Last, long KilledAt, long ResumedAt, TimeSpan Away, double ChunksPerSecond)
{
    private const double KillAt = 0.4;

    public static async Task<SwapBuild> RunAsync(SwapServices services, string collection, SwapPlan plan)
    {
        await services.Retrieval.StartBuildAsync(new StartBuildRequest { Tenant = "default", Collection = collection, Model = plan.After, ChunkAgain = plan.ChunkTokens > 0 });
        var before = await WatchAsync(services, collection, until: build => build.DoneDocuments >= KillAt * build.TotalDocuments && build.Step == "copying");
        var away = await services.KillAndRestartRetrievalAsync();
        var resumed = await WatchAsync(services, collection, until: build => build.Step != "waiting");
        var rate = 0.0;
        var last = await WatchAsync(services, collection, until: build =>
        {
            rate = build.ChunksPerSecond > 0 ? build.ChunksPerSecond : rate;
            return false;
        });
        return new SwapBuild(last, before.DoneChunks, resumed.DoneChunks, away, rate);
    }

    private static async Task<IndexBuild> WatchAsync(SwapServices services, string collection, Func<IndexBuild, bool> until)
    {
        using var call = services.Retrieval.WatchBuild(new WatchBuildRequest { Tenant = "default", Collection = collection });
        IndexBuild? last = null;
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            last = response.Build;
            if (until(last))
            {
                break;
            }
        }

        return last!;
    }
}
