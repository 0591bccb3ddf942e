using System.Diagnostics;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Ingest;

/// <param name="Seconds">Since the first drop.</param>
/// <param name="AtRest">Documents indexed or failed.</param>
/// <param name="Chunks">That searches see.</param>
/// <param name="Progress">As the platform says, 0 to 1.</param>
/// <param name="RemainingSeconds">As the platform says; null while it cannot.</param>
/// <param name="Uses">Of each process, by name.</param>
internal sealed record IngestMoment(double Seconds, long AtRest, long Chunks, double Progress, double? RemainingSeconds, IReadOnlyDictionary<string, ProcessUse> Uses);

/// <summary>Looks at the services every few seconds until every document is at rest.</summary>
internal sealed class IngestWatch(IngestServices services, IReadOnlyDictionary<string, int> processes)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MomentInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan StandstillTimeout = TimeSpan.FromMinutes(3);

    private readonly List<IngestMoment> moments = [];

    /// <summary>In order; the first before anything was dropped, the last when all was at rest.</summary>
    public IReadOnlyList<IngestMoment> Moments => moments;

    /// <param name="documents">To wait for.</param>
    /// <param name="begin">The timestamp of the first drop.</param>
    public async Task RunAsync(int documents, long begin)
    {
        await AddAsync(begin);
        var (atRest, movedAt, seenAt) = (0L, Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        while (atRest < documents)
        {
            await Task.Delay(ProgressInterval);
            var now = await AtRestAsync();
            if (now > atRest)
            {
                (atRest, movedAt) = (now, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(movedAt) > StandstillTimeout)
            {
                Console.Error.WriteLine($"{atRest} of {documents} documents have been at rest for {StandstillTimeout.TotalMinutes} minutes: the run ends here.");
                break;
            }

            if (atRest >= documents || Stopwatch.GetElapsedTime(seenAt) >= MomentInterval)
            {
                seenAt = Stopwatch.GetTimestamp();
                await AddAsync(begin);
                Console.Error.Write($"\r{moments[^1].Seconds,6:0} s  {atRest} of {documents} documents  {moments[^1].Chunks} chunks ");
            }
        }

        Console.Error.WriteLine();
    }

    private async Task AddAsync(long begin)
    {
        var (atRest, chunks, batch) = (await AtRestAsync(), (await services.DescribeAsync()).ChunkCount, await services.FollowAsync());
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var table = new ProcessTable();
        moments.Add(new IngestMoment(seconds, atRest, chunks, batch.Progress, batch.HasEstimate ? batch.RemainingSeconds : null, processes.ToDictionary(process => process.Key, process => table.UseOf(process.Value, processes.Values), StringComparer.Ordinal)));
    }

    private async Task<long> AtRestAsync() =>
        (await services.CountAsync()).Where(count => count.Key is DocumentState.Indexed or DocumentState.Failed).Sum(count => count.Value);
}
