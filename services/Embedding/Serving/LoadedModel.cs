using RagPlatform.Embedding.Models;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>A model in memory.</summary>
/// <param name="Folder">Its files.</param>
/// <param name="Dimension">Of its vectors.</param>
/// <param name="MaxTokens">That it reads of one text, special tokens included.</param>
/// <param name="Tokenizer">Counts text as the model does.</param>
/// <param name="Embed">Computes; one call at a time uses the machine best.</param>
internal sealed record LoadedModel(ModelFolder Folder, int Dimension, int MaxTokens, WordPieceTokenizer Tokenizer, EmbedTexts Embed)
{
    public string Id => Folder.Id;

    /// <summary>Reads the model and embeds one text, so that the first caller does not pay for the runtime's warm-up.</summary>
    /// <exception cref="InvalidDataException">The files are no model this engine knows.</exception>
    public static LoadedModel Load(ModelFolder folder, CancellationToken cancellationToken)
    {
        var encoder = SentenceEncoder.Load(folder);
        encoder.Embed(["warm-up"], threads: 1, cancellationToken);
        return new LoadedModel(folder, encoder.Dimension, encoder.MaxTokens, encoder.Tokenizer, encoder.Embed);
    }
}

/// <summary>Vectors of unit length, in the order of the texts.</summary>
internal delegate TextEmbedding[] EmbedTexts(IReadOnlyList<string> texts, int threads, CancellationToken cancellationToken);

internal delegate LoadedModel LoadModel(ModelFolder folder, CancellationToken cancellationToken);
