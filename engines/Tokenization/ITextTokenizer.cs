namespace RagPlatform.Tokenization;

/// <summary>Splits text into a model's own tokens. Thread-safe. Text never becomes a special token.</summary>
public interface ITextTokenizer
{
    /// <summary>Every id is below it.</summary>
    int VocabularySize { get; }

    /// <summary>Number of tokens in the text, without those that the model's inputs begin or end with.</summary>
    int Count(ReadOnlySpan<char> text);

    /// <summary>The text's tokens with their places in the text, without those that the model's inputs begin or end with.</summary>
    TokenizedText Tokenize(ReadOnlySpan<char> text);

    /// <summary>The text as a model's input, cut at the end where it has too many tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxTokens">Limit on tokens, those that every input begins or ends with included.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below what every input has.</exception>
    EncodedText Encode(ReadOnlySpan<char> text, int maxTokens);
}
