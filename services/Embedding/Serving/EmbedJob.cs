using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>Queries are what somebody waits for; passages are what ingestion brings.</summary>
internal enum EmbedPriority
{
    Query,
    Passage,
}

/// <param name="Embeddings">In the order of the texts.</param>
/// <param name="QueueMilliseconds">Waited, for the model and between slices.</param>
/// <param name="ModelMilliseconds">Computed.</param>
internal sealed record EmbedResult(TextEmbedding[] Embeddings, double QueueMilliseconds, double ModelMilliseconds);

/// <summary>One caller's texts on their way through the queue; touched under the queue's lock and by its one worker.</summary>
internal sealed class EmbedJob(LoadedModel model, IReadOnlyList<string> texts, EmbedPriority priority, long enqueuedAt, CancellationToken cancellation)
{
    private readonly TextEmbedding[] embeddings = new TextEmbedding[texts.Count];
    private readonly TaskCompletionSource<EmbedResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan modelTime;
    private int taken;

    public LoadedModel Model => model;

    public EmbedPriority Priority => priority;

    public CancellationToken Cancellation => cancellation;

    public Task<EmbedResult> Result => completion.Task;

    /// <summary>Texts that no slice has taken yet.</summary>
    public int WaitingTexts => texts.Count - taken;

    public EmbedSlice Take(int maxTexts)
    {
        var slice = new EmbedSlice(this, taken, [.. texts.Skip(taken).Take(maxTexts)]);
        taken += slice.Texts.Count;
        return slice;
    }

    /// <summary>Keeps a slice's vectors; the last one completes the job.</summary>
    public void Add(EmbedSlice slice, TextEmbedding[] vectors, TimeSpan elapsed, TimeProvider time)
    {
        vectors.CopyTo(embeddings, slice.Start);
        modelTime += elapsed;
        if (slice.Start + slice.Texts.Count == texts.Count)
        {
            var total = time.GetElapsedTime(enqueuedAt);
            completion.TrySetResult(new EmbedResult(embeddings, (total - modelTime).TotalMilliseconds, modelTime.TotalMilliseconds));
        }
    }

    public void Cancel() => completion.TrySetCanceled(cancellation);

    public void Fail(Exception exception) => completion.TrySetException(exception);
}

/// <summary>What the worker computes without looking up.</summary>
internal sealed record EmbedSlice(EmbedJob Job, int Start, IReadOnlyList<string> Texts);
