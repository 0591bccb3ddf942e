namespace RagPlatform.Answers;

/// <summary>How much an extractive answer reads and quotes.</summary>
public sealed record AnswerOptions
{
    /// <summary>Units that the embedding model reads per question, at least 1: those that share most terms with the question.</summary>
    public int MaxCandidates { get; init; } = 64;

    /// <summary>Units quoted, at least 1; a command and the sentence that introduces it count as one.</summary>
    public int MaxUnits { get; init; } = 3;

    /// <summary>Quoted beyond the best unit only while together no longer than this, in characters.</summary>
    public int MaxCharacters { get; init; } = 800;

    /// <summary>A further unit is quoted from this share of the best one's evidence, 0 to 1.</summary>
    public double KeepShare { get; init; } = 0.7;

    /// <summary>Two units that share more of their terms than this (Jaccard index, 0 to 1) say the same: one is enough.</summary>
    public double SameShare { get; init; } = 0.7;
}
