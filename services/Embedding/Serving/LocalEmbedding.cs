using System.Diagnostics;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>Embeds texts with a model in this process: tokenised on the caller's thread, computed when the model's queue comes to them.</summary>
internal sealed class LocalEmbedding(ModelQueues queues)
{
    /// <summary>Waits for its turn and returns the texts' vectors. Cancelling gives the place back at once.</summary>
    /// <param name="model">Embeds the texts.</param>
    /// <param name="texts">At least one.</param>
    /// <param name="priority">Its place.</param>
    /// <param name="refuseWhenFull">False only for callers whose own number is bounded: they wait instead.</param>
    /// <param name="cancellationToken">Ends the wait and the computation.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The queue is full, the texts would never fit, or the service stops.</exception>
    public async Task<JobResult<TextEmbedding>> EmbedAsync(
        LoadedModel model, IReadOnlyList<string> texts, JobPriority priority, bool refuseWhenFull, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var span = EmbeddingTelemetry.StartEmbed(model, priority, texts.Count);
        try
        {
            var inputs = Encode(model, texts, priority, cancellationToken);
            var result = await queues.Of(model.Computation).RunAsync(inputs, priority, refuseWhenFull, cancellationToken);
            EmbeddingTelemetry.Embedded(span, model, priority, result);
            return result;
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    private static EncodedText[] Encode(LoadedModel model, IReadOnlyList<string> texts, JobPriority priority, CancellationToken cancellationToken)
    {
        var kind = priority is JobPriority.Query ? TextKind.Query : TextKind.Passage;
        var inputs = new EncodedText[texts.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            inputs[i] = model.Embedder.Encode(texts[i], kind);
        }

        return inputs;
    }
}
