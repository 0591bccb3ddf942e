namespace RagPlatform.Transformers.Generation;

/// <summary>How a text is written.</summary>
public sealed record GenerationSettings
{
    public const int MaxStopSequences = 64;

    public const int MaxStopSequenceCharacters = 1024;

    /// <summary>Most tokens of the text; at least 1.</summary>
    public int MaxTokens { get; init; } = 512;

    public SamplingSettings Sampling { get; init; } = new();

    /// <summary>
    /// The text ends before the first of them. At most <see cref="MaxStopSequences"/>, none empty or of more than
    /// <see cref="MaxStopSequenceCharacters"/> UTF-16 units.
    /// </summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; names it.</exception>
    public void Check()
    {
        SamplingSettings.ThrowUnless(MaxTokens >= 1, nameof(MaxTokens), MaxTokens, "1 or more");
        SamplingSettings.ThrowUnless(StopSequences.Count <= MaxStopSequences, nameof(StopSequences), StopSequences.Count, $"{MaxStopSequences} at most");
        SamplingSettings.ThrowUnless(!StopSequences.Any(string.IsNullOrEmpty), nameof(StopSequences), "with an empty one", "without empty ones");
        SamplingSettings.ThrowUnless(
            StopSequences.All(sequence => sequence.Length <= MaxStopSequenceCharacters), nameof(StopSequences), StopSequences.Max(sequence => sequence?.Length) ?? 0,
            $"of {MaxStopSequenceCharacters} characters at most");
        Sampling.Check();
    }
}

/// <summary>Why a text ended.</summary>
public enum FinishReason
{
    /// <summary>The model said so.</summary>
    EndOfText,

    /// <summary>A stop sequence came; it is not part of the text.</summary>
    StopSequence,

    /// <summary>What the text is held to is whole, and nothing more may come.</summary>
    ConstraintMet,

    /// <summary><see cref="GenerationSettings.MaxTokens"/> are written; under a constraint the text need not be whole.</summary>
    MaxTokens,

    /// <summary>The session's capacity is full; under a constraint the text need not be whole.</summary>
    CapacityFull,
}

/// <summary>A part of a text.</summary>
/// <param name="Text">Whole characters; may be empty.</param>
/// <param name="Tokens">Written so far, in all parts together.</param>
/// <param name="Finish">Null but in the last part.</param>
public sealed record GeneratedText(string Text, int Tokens, FinishReason? Finish = null);
