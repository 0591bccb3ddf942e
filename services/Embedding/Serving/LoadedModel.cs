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

    public int Dimension => Embedder.Dimension;

    public int MaxTokens => Embedder.MaxTokens;

    /// <summary>Reads the model and embeds one text, so that the first caller does not pay for the runtime's warm-up.</summary>
    /// <exception cref="InvalidDataException">The files are no model this engine knows.</exception>
    public static LoadedModel Load(ModelFolder folder, CancellationToken cancellationToken)
    {
        var encoder = SentenceEncoder.Load(folder);
        encoder.EmbedPassages(["warm-up"], threads: 1, cancellationToken);
        return new LoadedModel(folder, encoder);
    }
}

internal delegate LoadedModel LoadModel(ModelFolder folder, CancellationToken cancellationToken);
