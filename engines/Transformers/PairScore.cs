namespace RagPlatform.Transformers;

/// <summary>A query and a passage as a model's input.</summary>
/// <param name="Ids">Vocabulary ids, special tokens included.</param>
/// <param name="SecondStart">Index of the passage's first token.</param>
/// <param name="UnseenQueryTokens">How many were cut off the query's end.</param>
/// <param name="UnseenPassageTokens">How many were cut off the passage's end.</param>
public sealed record EncodedPair(int[] Ids, int SecondStart, int UnseenQueryTokens, int UnseenPassageTokens);

/// <summary>How well a passage answers a query.</summary>
/// <param name="Logit">The model's own number, of any size; orders passages of one query.</param>
/// <param name="Tokens">Tokens that the model read, of both texts, special ones included.</param>
/// <param name="UnseenQueryTokens">Past the model's limit.</param>
/// <param name="UnseenPassageTokens">Past the model's limit.</param>
public sealed record PairScore(float Logit, int Tokens, int UnseenQueryTokens, int UnseenPassageTokens)
{
    /// <summary>1 / (1 + e^-Logit): 0 to 1, where models trained with binary labels put what answers above 0.5.</summary>
    public double Probability => 1 / (1 + Math.Exp(-Logit));
}
