using RagPlatform.Embedding.Models;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>A model in memory.</summary>
/// <param name="Folder">Its files.</param>
/// <param name="Embedder">Computes; one call at a time uses the machine best.</param>
internal sealed record LoadedModel(ModelFolder Folder, ITextEmbedder Embedder)
{
    public string Id => Folder.Id;

    /// <summary>The key of its queue: one for as long as the model is in memory.</summary>
    public EmbedComputation Computation { get; } = new(Folder.Id, Embedder);

    /// <summary>See <see cref="IEmbeddingModel.Fingerprint"/>; null where vectors are not to be remembered.</summary>
    public string? Fingerprint { get; init; }

    public int Dimension => Embedder.Dimension;

    public int MaxTokens => Embedder.MaxTokens;

    /// <summary>Reads the model.</summary>
    /// <exception cref="InvalidDataException">The files are no model this engine knows.</exception>
    public static LoadedModel Load(ModelFolder folder, CancellationToken cancellationToken)
    {
        var encoder = SentenceEncoder.Load(folder);
        return new LoadedModel(folder, encoder) { Fingerprint = ModelFingerprint.Of(folder, cancellationToken) };
    }
}

internal delegate LoadedModel LoadModel(ModelFolder folder, CancellationToken cancellationToken);
