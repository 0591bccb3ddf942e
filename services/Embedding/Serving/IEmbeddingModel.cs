using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>A model that turns texts into vectors of unit length, in this process or somewhere else. Thread-safe.</summary>
internal interface IEmbeddingModel
{
    string Id { get; }

    /// <summary>Who computes, for telemetry: this platform, or the name of a provider.</summary>
    string Provider { get; }

    /// <summary>Length of the vectors.</summary>
    int Dimension { get; }

    /// <summary>
    /// All that a vector depends on beside the text: the model's id and files, its settings. Null where remembering costs
    /// more than computing.
    /// </summary>
    string? Fingerprint { get; }

    /// <summary>The text that stands for a chunk: what it is about, as far as there is room, then the chunk.</summary>
    string ComposePassage(string title, IReadOnlyList<string> headingPath, string text);

    /// <summary>The texts' vectors, in their order. Cancelling frees what was waited for at once.</summary>
    /// <param name="texts">At least one.</param>
    /// <param name="priority">Its place among others.</param>
    /// <param name="refuseWhenFull">False only for callers whose own number is bounded: they wait instead.</param>
    /// <param name="cancellationToken">Ends the wait and the computation.</param>
    /// <exception cref="Grpc.Errors.ServiceException">Too much is waiting, the texts would never fit, the model fails, or the service stops.</exception>
    Task<ModelAnswer> EmbedAsync(IReadOnlyList<string> texts, JobPriority priority, bool refuseWhenFull, CancellationToken cancellationToken);
}

/// <param name="Embeddings">In the order of the texts.</param>
/// <param name="Tokens">Read of all texts.</param>
/// <param name="QueueMilliseconds">Waited.</param>
/// <param name="ModelMilliseconds">Computed.</param>
internal sealed record ModelAnswer(TextEmbedding[] Embeddings, long Tokens, double QueueMilliseconds, double ModelMilliseconds);
