namespace RagPlatform.Embedding.Serving;

/// <summary>
/// Tokens a second that a model reads, measured over its last slices, older ones counting ever less, and from that when
/// callers who are refused should come again: one after the other, as if they stood in line, so that they do not all come
/// back at once to be refused again.
/// </summary>
internal sealed class DrainRate
{
    /// <summary>What one slice's weight becomes with the next: about the last twenty matter.</summary>
    private const double Decay = 0.95;

    private static readonly TimeSpan UnknownDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    private double tokens;
    private double seconds;
    private long promisedTokens;

    public void Add(int sliceTokens, TimeSpan elapsed)
    {
        tokens = (tokens * Decay) + sliceTokens;
        seconds = (seconds * Decay) + elapsed.TotalSeconds;
        promisedTokens = Math.Max(0, promisedTokens - sliceTokens);
    }

    /// <summary>Tokens that the model reads in that time; 0 while nothing has been measured.</summary>
    public double TokensIn(TimeSpan time) => seconds == 0 ? 0 : time.TotalSeconds * tokens / seconds;

    /// <summary>For one more refused caller: 10 ms to 60 s, and 1 s while nothing has been measured.</summary>
    /// <param name="tokensToDrain">That the model must read before there is room for him.</param>
    /// <param name="jobTokens">That he brings.</param>
    public TimeSpan NextDelay(long tokensToDrain, int jobTokens)
    {
        if (tokens == 0)
        {
            return UnknownDelay;
        }

        var delay = TimeSpan.FromSeconds(Math.Min((tokensToDrain + promisedTokens) * seconds / tokens, MaxDelay.TotalSeconds));
        if (delay < MaxDelay)
        {
            promisedTokens += jobTokens;
        }

        return delay < MinDelay ? MinDelay : delay;
    }

    /// <summary>Nothing waits any more: whoever was refused may come.</summary>
    public void ForgetRefused() => promisedTokens = 0;
}
