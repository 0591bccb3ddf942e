namespace RagPlatform.Metrics.Confidence;

/// <summary>How surprised a language model is by a text.</summary>
public static class Perplexity
{
    /// <summary>
    /// e^(negative log-likelihood per token): as if the model chose among so many equally likely tokens each time; at least 1.
    /// Source: F. Jelinek, R. Mercer, L. Bahl, J. Baker, "Perplexity - a measure of the difficulty of speech recognition tasks", 1977.
    /// </summary>
    /// <param name="negativeLogLikelihood">Sum over the tokens, natural logarithm; 0 or more.</param>
    /// <param name="tokens">That were told; at least 1.</param>
    public static double Of(double negativeLogLikelihood, long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(negativeLogLikelihood);
        return Math.Exp(negativeLogLikelihood / tokens);
    }
}
