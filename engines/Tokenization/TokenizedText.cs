namespace RagPlatform.Tokenization;

/// <summary>
/// A text's tokens without special tokens. The three arrays have one entry per token.
/// </summary>
/// <param name="Ids">Vocabulary ids.</param>
/// <param name="Starts">UTF-16 index of each token's first character in the text; never decreases.</param>
/// <param name="Ends">
/// UTF-16 index after each token's last character; never decreases and is always above the token's start.
/// Starts and ends never fall inside a surrogate pair. Only when one character becomes several tokens
/// (a Hangul syllable's letters) do those tokens share its span; otherwise spans do not overlap.
/// </param>
public sealed record TokenizedText(int[] Ids, int[] Starts, int[] Ends)
{
    /// <summary>Number of tokens.</summary>
    public int Count => Ids.Length;
}

/// <summary>A text as a model's input: [CLS], the text's tokens, [SEP].</summary>
/// <param name="Ids">Vocabulary ids, special tokens included.</param>
/// <param name="UnseenTokens">How many of the text's tokens were cut off at the end to keep to the limit.</param>
public record EncodedText(int[] Ids, int UnseenTokens);
