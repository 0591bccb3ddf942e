namespace RagPlatform.Transformers;

/// <summary>A text's vector.</summary>
/// <param name="Vector">Unit length (L2).</param>
/// <param name="Tokens">Tokens that the model read, [CLS] and [SEP] included.</param>
/// <param name="UnseenTokens">Tokens at the text's end that were past the model's limit and not read.</param>
public sealed record TextEmbedding(float[] Vector, int Tokens, int UnseenTokens);
