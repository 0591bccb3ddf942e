using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>
/// The one way to the model. Work is cut into slices of at most 4 texts a thread, from one caller or several, computed one
/// after the other on all threads: queries before passages, jobs of a priority in turn, and a slice of passages after
/// every 8 of queries, so that neither an Ask waits for a document nor a flood of questions stops ingestion.
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
            var inputs = Encode(model, texts, priority, cancellationToken);
            var result = await RunAsync(new EmbedJob(model, inputs, priority, time.GetTimestamp(), cancellationToken), refuseWhenFull);
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
                while (!stoppingToken.IsCancellationRequested && TakeSlice() is { Count: > 0 } slice)
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

    /// <summary>On the caller's own thread, so that the worker only computes.</summary>
    private static EncodedText[] Encode(LoadedModel model, IReadOnlyList<string> texts, EmbedPriority priority, CancellationToken cancellationToken)
    {
        var kind = priority is EmbedPriority.Query ? TextKind.Query : TextKind.Passage;
        var inputs = new EncodedText[texts.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            inputs[i] = model.Embedder.Encode(texts[i], kind);
        }

        return inputs;
    }

    private async Task<EmbedResult> RunAsync(EmbedJob job, bool refuseWhenFull)
    {
        Enqueue(job, refuseWhenFull);
        using (job.Cancellation.UnsafeRegister(_ => Remove(job), null))
        {
            return await job.Result;
        }
    }

    /// <summary>A caller who leaves stops a slice only where it is all his; what fails for several is tried for each alone.</summary>
    private void Compute(List<EmbedPart> slice, CancellationToken stoppingToken)
    {
        if (slice is [var only])
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(only.Job.Cancellation, stoppingToken);
            TryCompute(slice, failure => Remove(only.Job, stoppingToken.IsCancellationRequested ? EmbeddingErrors.Stopping() : failure), either.Token);
        }
        else
        {
            TryCompute(slice, _ => slice.ForEach(part => Compute([part], stoppingToken)), stoppingToken);
        }
    }

    private void TryCompute(List<EmbedPart> slice, Action<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            var start = time.GetTimestamp();
            var embeddings = slice[0].Job.Model.Embedder.Embed([.. slice.SelectMany(part => part.Inputs)], options.Value.Threads, cancellationToken);
            var elapsed = time.GetElapsedTime(start);
            var from = 0;
            foreach (var part in slice)
            {
                part.Job.Add(part, embeddings.AsSpan(from, part.Inputs.Count), elapsed, time);
                from += part.Inputs.Count;
            }
        }
        catch (OperationCanceledException) when (slice is [{ Job.Cancellation.IsCancellationRequested: true } left])
        {
            Remove(left.Job);
        }
        catch (Exception exception)
        {
            failed(exception);
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

    /// <summary>The next texts of one model, as many as a slice holds; none when nothing waits.</summary>
    private List<EmbedPart> TakeSlice()
    {
        lock (gate)
        {
            var passagesTurn = passages.Count > 0 && (queries.Count == 0 || querySlicesInARow >= MaxQuerySlicesInARow);
            var jobs = passagesTurn ? passages : queries;
            var slice = new List<EmbedPart>();
            var room = MaxSliceTextsPerThread * options.Value.Threads;
            for (var node = jobs.First; node is not null && room > 0;)
            {
                var (job, next) = (node, node.Next);
                node = next;
                if (slice.Count > 0 && !ReferenceEquals(slice[0].Job.Model, job.Value.Model))
                {
                    continue;
                }

                var part = job.Value.Take(room);
                slice.Add(part);
                room -= part.Inputs.Count;
                CountWaiting(-part.Inputs.Count);
                jobs.Remove(job);
                if (part.Job.WaitingTexts > 0)
                {
                    jobs.AddLast(job);
                }
            }

            querySlicesInARow = passagesTurn || slice.Count == 0 ? 0 : querySlicesInARow + 1;
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
