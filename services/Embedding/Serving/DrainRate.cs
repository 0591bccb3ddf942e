namespace RagPlatform.Embedding.Serving;

/// <summary>Tokens a second that a model reads, measured over its last slices, older ones counting ever less.</summary>
internal sealed class DrainRate
{
    /// <summary>What one slice's weight becomes with the next: about the last twenty matter.</summary>
    private const double Decay = 0.95;

    private static readonly TimeSpan UnknownDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    private double tokens;
    private double seconds;

    public void Add(int sliceTokens, TimeSpan elapsed)
    {
        tokens = (tokens * Decay) + sliceTokens;
        seconds = (seconds * Decay) + elapsed.TotalSeconds;
    }

    /// <summary>How long the model will take to read so many tokens: 10 ms to 60 s, and 1 s while nothing has been measured.</summary>
    public TimeSpan DelayFor(long tokensToDrain)
    {
        if (tokens == 0)
        {
            return UnknownDelay;
        }

        var delay = TimeSpan.FromSeconds(Math.Min(tokensToDrain * seconds / tokens, MaxDelay.TotalSeconds));
        return delay < MinDelay ? MinDelay : delay;
    }
}
