namespace RagPlatform.Embedding.Serving;

/// <summary>Why a caller is refused.</summary>
/// <param name="WaitingInputs">Of the priority in question.</param>
/// <param name="WaitingTokens">Of the priority in question.</param>
/// <param name="TokensToDrain">That the model must read before there is room.</param>
internal sealed record QueueState(int WaitingInputs, int WaitingTokens, long TokensToDrain)
{
    /// <summary>Null while there is room for so many more.</summary>
    public static QueueState? WhenFull(int waitingInputs, int waitingTokens, int inputs, int tokens, EmbeddingOptions options)
    {
        var excessInputs = waitingInputs + inputs - options.QueueCapacityTexts;
        var excessTokens = waitingTokens + tokens - options.QueueCapacityTokens;
        if (excessInputs <= 0 && excessTokens <= 0)
        {
            return null;
        }

        // Whatever is short, the model frees it by reading tokens.
        var tokensOfInputs = waitingInputs == 0 ? 0 : (long)excessInputs * waitingTokens / waitingInputs;
        return new QueueState(waitingInputs, waitingTokens, Math.Max(excessTokens, tokensOfInputs));
    }
}
