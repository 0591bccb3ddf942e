using System.Threading.Channels;
using Grpc.Core;
using RagPlatform.Client;

namespace RagPlatform.CommandLine.Watch;

/// <summary>Rounds of looking at the folder and doing what is due, as soon as something happens and else from time to time.</summary>
internal sealed class FolderWatch : IDisposable
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    /// <summary>What others did to the collection is found and mended after so long.</summary>
    private static readonly TimeSpan ListInterval = TimeSpan.FromMinutes(15);

    private readonly string folder;
    private readonly WatchSettings settings;
    private readonly WatchReport report;
    private readonly TimeProvider time;
    private readonly Channel<bool> signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FolderEvents events;
    private readonly DocumentFollower follower;
    private readonly FolderSync sync;

    private DateTimeOffset listedAt;
    private string? trouble;

    public FolderWatch(RagClient client, string folder, WatchTarget target, WatchSettings settings, WatchReport report, TimeProvider time)
    {
        (this.folder, this.settings, this.report, this.time) = (folder, settings, report, time);
        events = new FolderEvents(folder, time, () => signals.Writer.TryWrite(true));
        follower = new DocumentFollower(client, target, report, () => signals.Writer.TryWrite(true));
        sync = new FolderSync(client, folder, target, follower, report, time);
    }

    /// <summary>Goes on until it is cancelled; with <see cref="WatchSettings.Once"/>, until collection and folder are in step.</summary>
    /// <exception cref="RagException">The platform refuses the caller.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var backOff = TimeSpan.Zero; ;)
            {
                DateTimeOffset? nextAt = null;
                var begun = time.GetTimestamp();
                try
                {
                    var (plan, isDone) = await RoundAsync(cancellationToken);
                    if (isDone && settings.Once)
                    {
                        return;
                    }

                    (nextAt, backOff) = (plan.NextAt, TimeSpan.Zero);
                }
                catch (RagException failure) when (!settings.Once && failure.Status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted)
                {
                    backOff = backOff == TimeSpan.Zero ? FirstBackOff : backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
                    sync.MustList = true;
                    Tell(failure.Message, failure.Remedy);
                }

                await PauseAsync(backOff, nextAt, time.GetElapsedTime(begun), cancellationToken);
            }
        }
        finally
        {
            await follower.EndAsync();
        }
    }

    public void Dispose()
    {
        events.Dispose();
        follower.Dispose();
    }

    private async Task<(FolderPlan Plan, bool IsDone)> RoundAsync(CancellationToken cancellationToken)
    {
        sync.TakeRests();
        if (sync.MustList || time.GetUtcNow() - listedAt > ListInterval)
        {
            await sync.ListAsync(cancellationToken);
            listedAt = time.GetUtcNow();
        }

        // Heard before it is looked at: what happens in between is heard again.
        var deafness = settings.Once ? null : events.Listen();
        var touches = events.Take();
        var scan = FolderScan.Read(folder, settings.Rules, cancellationToken);
        if (scan.Unreadable.ContainsKey(""))
        {
            events.Leave();
        }

        var plan = FolderPlan.Decide(scan, sync.Documents, touches, new WatchTimes(settings.Settle), settings.DeletesAll, time.GetUtcNow());
        Tell(scan, plan, deafness);
        await sync.CarryOutAsync(plan, scan, cancellationToken);
        sync.TakeRests();
        var waiting = sync.Documents.Count(entry => entry.Value.IsPending || (entry.Value.IsHeld || scan.Files.ContainsKey(entry.Key)) && !entry.Value.IsChecked && !scan.Hides(entry.Key));
        report.Progress(scan.Files.Count, plan.IsHeldBack ? 0 : waiting, sync.Documents.Count(entry => (entry.Value.Problem ?? entry.Value.Failure) is not null) + scan.Unreadable.Count);
        return (plan, (waiting == 0 || plan.IsHeldBack) && !sync.MustList);
    }

    /// <summary>Says each trouble once, until it is over.</summary>
    private void Tell(FolderScan scan, FolderPlan plan, string? deafness)
    {
        var unreadable = scan.Unreadable.Select(entry => ((string Path, string Reason)?)(entry.Key, entry.Value)).FirstOrDefault();
        if (unreadable is { } found)
        {
            Tell($"{(found.Path.Length > 0 ? found.Path : folder)} cannot be read{(scan.Unreadable.Count > 1 ? $", nor can {scan.Unreadable.Count - 1} more" : "")}: {found.Reason}", "What was put of it stays in the collection.");
        }
        else if (plan.IsHeldBack)
        {
            Tell($"{folder} holds no documents any more, which one that is not mounted would not either.", "Nothing is deleted. If all are really gone, start with --allow-empty.");
        }
        else if (deafness is not null)
        {
            Tell($"changes cannot be listened to: {deafness}", "They are found by looking from time to time (--rescan).");
        }
        else
        {
            trouble = null;
        }
    }

    private void Tell(string reason, string? remedy)
    {
        if (trouble != reason)
        {
            report.Troubled(reason, remedy);
            trouble = reason;
        }
    }

    /// <summary>Until something happens or is due. What is asked of a large folder is limited: a look costs a fifth of the time at most.</summary>
    private async Task PauseAsync(TimeSpan backOff, DateTimeOffset? nextAt, TimeSpan roundTook, CancellationToken cancellationToken)
    {
        var least = Clamp(roundTook * 4, LeastPause, LongestPause);
        if (backOff > TimeSpan.Zero)
        {
            await Task.Delay(backOff, time, cancellationToken);
            return;
        }

        await Task.Delay(least, time, cancellationToken);
        var longest = nextAt is { } next ? Clamp(next - time.GetUtcNow(), TimeSpan.Zero, settings.Rescan) : settings.Rescan;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signals.Reader.WaitToReadAsync(waiting.Token).AsTask(), Task.Delay(longest, time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        signals.Reader.TryRead(out _);
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan min, TimeSpan max) => value < min ? min : value > max ? max : value;
}
