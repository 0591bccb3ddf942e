using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace RagPlatform.Embedding.Serving;

/// <summary>
/// The one way to the model. Work is cut into slices of at most 4 texts a thread, computed one after the other on all
/// threads: queries before passages, jobs of a priority in turn, and a slice of passages after every 8 of queries, so
/// that neither an Ask waits for a document nor a flood of questions stops ingestion.
/// </summary>
internal sealed class EmbedQueue(IOptions<EmbeddingOptions> options, TimeProvider time) : BackgroundService
{
    /// <summary>A query waits for one slice at most: fewer texts would leave threads idle, more would make it wait longer.</summary>
    public const int MaxSliceTextsPerThread = 4;

    public const int MaxQuerySlicesInARow = 8;

    private readonly Lock gate = new();
    private readonly LinkedList<EmbedJob> queries = new();
    private readonly LinkedList<EmbedJob> passages = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int waitingTexts;
    private int querySlicesInARow;
    private bool stopped;

    /// <summary>Waits for its turn and returns the texts' vectors. Cancelling gives the place back at once.</summary>
    /// <param name="model">Embeds the texts.</param>
    /// <param name="texts">At least one.</param>
    /// <param name="priority">Its place.</param>
    /// <param name="refuseWhenFull">False only for callers whose own number is bounded: they wait instead.</param>
    /// <param name="cancellationToken">Ends the wait and the computation.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The queue is full, or the service stops.</exception>
    public async Task<EmbedResult> EmbedAsync(
        LoadedModel model, IReadOnlyList<string> texts, EmbedPriority priority, bool refuseWhenFull, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var span = EmbeddingTelemetry.StartEmbed(model, priority, texts.Count);
        try
        {
            var result = await RunAsync(new EmbedJob(model, texts, priority, time.GetTimestamp(), cancellationToken), refuseWhenFull);
            EmbeddingTelemetry.Embedded(span, model, priority, result);
            return result;
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                while (!stoppingToken.IsCancellationRequested && TakeSlice() is { } slice)
                {
                    Compute(slice, stoppingToken);
                }

                await wake.Reader.ReadAsync(stoppingToken);
            }
        }
        finally
        {
            Stop();
        }
    }

    private async Task<EmbedResult> RunAsync(EmbedJob job, bool refuseWhenFull)
    {
        Enqueue(job, refuseWhenFull);
        using (job.Cancellation.UnsafeRegister(_ => Remove(job), null))
        {
            return await job.Result;
        }
    }

    private void Compute(EmbedSlice slice, CancellationToken stoppingToken)
    {
        var job = slice.Job;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(job.Cancellation, stoppingToken);
            var start = time.GetTimestamp();
            var embeddings = job.Model.Embed(slice.Texts, options.Value.Threads, either.Token);
            job.Add(slice, embeddings, time.GetElapsedTime(start), time);
        }
        catch (OperationCanceledException) when (job.Cancellation.IsCancellationRequested)
        {
            Remove(job);
        }
        catch (Exception exception)
        {
            Remove(job, stoppingToken.IsCancellationRequested ? EmbeddingErrors.Stopping() : exception);
        }
    }

    private void Enqueue(EmbedJob job, bool refuseWhenFull)
    {
        lock (gate)
        {
            if (stopped)
            {
                throw EmbeddingErrors.Stopping();
            }

            if (refuseWhenFull && waitingTexts + job.WaitingTexts > options.Value.QueueCapacityTexts)
            {
                throw EmbeddingErrors.QueueFull(waitingTexts, job.WaitingTexts, options.Value.QueueCapacityTexts);
            }

            JobsOf(job.Priority).AddLast(job);
            CountWaiting(job.WaitingTexts);
        }

        wake.Writer.TryWrite(true);
    }

    private EmbedSlice? TakeSlice()
    {
        lock (gate)
        {
            var passagesTurn = passages.Count > 0 && (queries.Count == 0 || querySlicesInARow >= MaxQuerySlicesInARow);
            var jobs = passagesTurn ? passages : queries;
            if (jobs.First is not { } node)
            {
                return null;
            }

            querySlicesInARow = passagesTurn ? 0 : querySlicesInARow + 1;
            var slice = node.Value.Take(MaxSliceTextsPerThread * options.Value.Threads);
            CountWaiting(-slice.Texts.Count);
            jobs.Remove(node);
            if (slice.Job.WaitingTexts > 0)
            {
                jobs.AddLast(node);
            }

            return slice;
        }
    }

    private void Remove(EmbedJob job, Exception? failure = null)
    {
        lock (gate)
        {
            if (JobsOf(job.Priority).Remove(job))
            {
                CountWaiting(-job.WaitingTexts);
            }
        }

        if (failure is null)
        {
            job.Cancel();
        }
        else
        {
            job.Fail(failure);
        }
    }

    private void Stop()
    {
        EmbedJob[] left;
        lock (gate)
        {
            stopped = true;
            left = [.. queries, .. passages];
        }

        foreach (var job in left)
        {
            Remove(job, EmbeddingErrors.Stopping());
        }
    }

    private LinkedList<EmbedJob> JobsOf(EmbedPriority priority) => priority == EmbedPriority.Query ? queries : passages;

    private void CountWaiting(int texts)
    {
        waitingTexts += texts;
        EmbeddingTelemetry.QueueChanged(texts);
    }
}
