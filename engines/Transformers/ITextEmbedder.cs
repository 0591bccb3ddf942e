using RagPlatform.Tokenization;

namespace RagPlatform.Transformers;

/// <summary>What a text is to the search: models such as e5 and bge read a question with another prefix than a passage.</summary>
public enum TextKind
{
    Passage,
    Query,
}

/// <summary>
/// A model that turns texts into vectors of unit length. Thread-safe. A text's vector does not depend on the texts
/// beside it nor on the number of threads. Tokenising is apart from computing, so that callers can count before they compute.
/// </summary>
public interface ITextEmbedder
{
    /// <summary>Length of the vectors.</summary>
    int Dimension { get; }

    /// <summary>Tokens that the model reads of a text, special ones and the prefix included; the rest is left out and counted.</summary>
    int MaxTokens { get; }

    ITextTokenizer Tokenizer { get; }

    /// <summary>What the model wants before a text of that kind, such as "query: "; empty where it wants nothing.</summary>
    string PrefixOf(TextKind kind);

    /// <summary>The text with its prefix as the model's input, cut at <see cref="MaxTokens"/>.</summary>
    EncodedText Encode(string text, TextKind kind);

    /// <summary>Embeds inputs, in their order.</summary>
    /// <param name="inputs">From <see cref="Encode"/>.</param>
    /// <param name="threads">At most so many work at a time, on one input or several; at least 1.</param>
    /// <param name="cancellationToken">Looked at between inputs.</param>
    TextEmbedding[] Embed(IReadOnlyList<EncodedText> inputs, int threads, CancellationToken cancellationToken);
}

public static class TextEmbedders
{
    /// <summary>Tokenises and embeds passages, in their order. An empty text has a vector too.</summary>
    /// <exception cref="ArgumentException">A text is null.</exception>
    public static TextEmbedding[] EmbedPassages(
        this ITextEmbedder embedder, IReadOnlyList<string> texts, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(texts);
        var inputs = new EncodedText[texts.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = texts[i] ?? throw new ArgumentException($"Text {i} of {inputs.Length} is null.", nameof(texts));
            inputs[i] = embedder.Encode(text, TextKind.Passage);
        }
        return embedder.Embed(inputs, threads, cancellationToken);
    }
}
