using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Ingest;

/// <summary>Shows how far a batch is while something is done: a bar on a terminal, else a line now and then.</summary>
internal static class BatchProgress
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <param name="session">Where it is shown.</param>
    /// <param name="client">The platform.</param>
    /// <param name="batchId">That exists.</param>
    /// <param name="work">Takes as long as the batch is to be shown.</param>
    /// <param name="cancellationToken">Ends both.</param>
    public static async Task<T> ShowAsync<T>(Session session, RagClient client, string batchId, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!session.ErrIsTerminal)
        {
            return await session.ShowAsync("Ingesting documents.", report => BesideAsync(client, batchId, batch => report(Text(batch)), work, cancellationToken));
        }

        return await session.ErrorConsole.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(display =>
            {
                var bar = display.AddTask("Ingesting documents.", maxValue: 1);
                return BesideAsync(
                    client, batchId,
                    batch =>
                    {
                        bar.Value = batch.Progress;
                        bar.Description = Markup.Escape(Text(batch));
                    },
                    work, cancellationToken);
            });
    }

    /// <summary>Follows a batch to its end, through restarts of the platform.</summary>
    /// <returns>As it rests.</returns>
    public static async Task<Batch> FollowAsync(RagClient client, string batchId, int maxFailed, Action<Batch> report, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var batch in client.WatchBatchAsync(batchId, maxFailed, cancellationToken))
                {
                    report(batch);
                    if (batch.IsAtRest)
                    {
                        return batch;
                    }
                }
            }
            catch (RagException failure) when (failure.RetryAfter is not null)
            {
                // It comes again below.
            }

            await Task.Delay(RetryDelay, cancellationToken);
        }
    }

    private static string Text(Batch batch) => PlainText.Of(BatchRendering.Describe(batch));

    private static async Task<T> BesideAsync<T>(RagClient client, string batchId, Action<Batch> report, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = FollowAsync(client, batchId, maxFailed: 0, report, stop.Token);
        try
        {
            return await work(cancellationToken);
        }
        finally
        {
            // What is shown is an extra: whatever ended it is no failure of the work.
            await stop.CancelAsync();
            await ((Task)following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
