using MassTransit;

namespace RagPlatform.ServiceDefaults;

/// <summary>
/// Publishes small reports as few messages, since a broker's work is for the message more than for its bytes: those that
/// come within <see cref="Interval"/> of a publish go together with the next one. One that comes alone goes at once, and
/// everyone waits until the bus has his report.
/// </summary>
/// <param name="bus">Where to.</param>
/// <param name="compose">The message of some reports, in the order in which they came. It belongs to no trace: what must, says so itself.</param>
/// <param name="time">Bounds a publish, and spaces them.</param>
public sealed class ReportPublisher<TReport, TMessage>(IBus bus, Func<IReadOnlyList<TReport>, TMessage> compose, TimeProvider time)
    where TMessage : class
{
    /// <summary>Reports in a message at most.</summary>
    public const int MaxReports = 64;

    /// <summary>From the end of one publish to the next, unless as many reports wait as a message may have.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>After it those who wait are told that the bus did not take their reports.</summary>
    public static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(30);

    private readonly Queue<(TReport Report, TaskCompletionSource Taken)> _waiting = new();
    private bool _isPublishing;
    private TaskCompletionSource _groupFilled = new();

    /// <summary>Returns when the bus has the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="cancellationToken">Ends the wait; the report may be published all the same.</param>
    /// <exception cref="OperationCanceledException">Cancelled, or the bus did not take it within <see cref="PublishTimeout"/>.</exception>
    public Task PublishAsync(TReport report, CancellationToken cancellationToken)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Enqueue((report, taken));
            if (_waiting.Count >= MaxReports)
            {
                _groupFilled.TrySetResult();
            }

            if (!_isPublishing)
            {
                _isPublishing = true;
                using (ExecutionContext.SuppressFlow())
                {
                    _ = Task.Run(PublishWaitingAsync, CancellationToken.None);
                }
            }
        }

        return taken.Task.WaitAsync(cancellationToken);
    }

    private async Task PublishWaitingAsync()
    {
        for (var group = TakeGroup(); group.Count > 0; group = TakeGroup())
        {
            await PublishAsync(group);
            await GatherAsync();
        }
    }

    private async Task PublishAsync(List<(TReport Report, TaskCompletionSource Taken)> group)
    {
        using var limit = new CancellationTokenSource(PublishTimeout, time);
        try
        {
            await bus.Publish(compose([.. group.Select(waiting => waiting.Report)]), limit.Token);
            group.ForEach(waiting => waiting.Taken.TrySetResult());
        }
#pragma warning disable CA1031 // Whatever went wrong, each of those who wait must hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            group.ForEach(waiting => waiting.Taken.TrySetException(exception));
        }
    }

    private async Task GatherAsync()
    {
        Task filled;
        lock (_waiting)
        {
            if (_waiting.Count >= MaxReports)
            {
                return;
            }

            _groupFilled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            filled = _groupFilled.Task;
        }

        await filled.WaitAsync(Interval, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>None when no more are waiting; the next to come begins anew.</summary>
    private List<(TReport Report, TaskCompletionSource Taken)> TakeGroup()
    {
        var group = new List<(TReport, TaskCompletionSource)>();
        lock (_waiting)
        {
            while (group.Count < MaxReports && _waiting.TryDequeue(out var waiting))
            {
                group.Add(waiting);
            }

            _isPublishing = group.Count > 0;
        }

        return group;
    }
}
