using RagPlatform.Tokenization;
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
internal sealed class EmbedJob(LoadedModel model, IReadOnlyList<EncodedText> inputs, EmbedPriority priority, long enqueuedAt, CancellationToken cancellation)
{
    private readonly TextEmbedding[] embeddings = new TextEmbedding[inputs.Count];
    private readonly TaskCompletionSource<EmbedResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan modelTime;
    private int taken;

    public LoadedModel Model => model;

    public EmbedPriority Priority => priority;

    public CancellationToken Cancellation => cancellation;

    public Task<EmbedResult> Result => completion.Task;

    /// <summary>Texts that no slice has taken yet.</summary>
    public int WaitingTexts => inputs.Count - taken;

    public EmbedPart Take(int maxTexts)
    {
        var part = new EmbedPart(this, taken, [.. inputs.Skip(taken).Take(maxTexts)]);
        taken += part.Inputs.Count;
        return part;
    }

    /// <summary>Keeps a part's vectors; the last one completes the job.</summary>
    /// <param name="elapsed">Of the whole slice that the part was in.</param>
    public void Add(EmbedPart part, ReadOnlySpan<TextEmbedding> vectors, TimeSpan elapsed, TimeProvider time)
    {
        vectors.CopyTo(embeddings.AsSpan(part.Start));
        modelTime += elapsed;
        if (part.Start + part.Inputs.Count == inputs.Count)
        {
            var total = time.GetElapsedTime(enqueuedAt);
            completion.TrySetResult(new EmbedResult(embeddings, (total - modelTime).TotalMilliseconds, modelTime.TotalMilliseconds));
        }
    }

    public void Cancel() => completion.TrySetCanceled(cancellation);

    public void Fail(Exception exception) => completion.TrySetException(exception);
}

/// <summary>A job's part of a slice, which is what the worker computes without looking up.</summary>
internal sealed record EmbedPart(EmbedJob Job, int Start, IReadOnlyList<EncodedText> Inputs);
