namespace RagPlatform.Client;

/// <summary>A question to a collection's documents.</summary>
/// <param name="Text">1 to 8,192 characters.</param>
public sealed record Question(string Text)
{
    /// <summary>"default" when left out.</summary>
    public string Collection { get; init; } = "";

    /// <summary>"extractive" or "openai/NAME"; the configured default when left out.</summary>
    public string Model { get; init; } = "";

    /// <summary>Chunks to read, 1 to 50; 8 when 0.</summary>
    public int TopK { get; init; }

    /// <summary>Which documents may be read; all when null.</summary>
    public Filter? Filter { get; init; }
}

/// <summary>A whole answer, or an abstention.</summary>
public sealed record Answer
{
    /// <summary>Empty when the platform abstained.</summary>
    public required string Text { get; init; }
    /// <summary>Why there is no answer; null when there is one.</summary>
    public Abstention? Abstention { get; init; }
    public required IReadOnlyList<Source> Sources { get; init; }
    /// <summary>In the order in which the text refers to them.</summary>
    public required IReadOnlyList<Citation> Citations { get; init; }
    public required Usage Usage { get; init; }
    public required IReadOnlyList<Timing> Timings { get; init; }
    /// <summary>32 hex digits: look it up in the dashboard.</summary>
    public required string TraceId { get; init; }
}

/// <summary>A passage that was read for the answer; the text refers to it as [Number].</summary>
public sealed record Source(int Number, SearchHit Hit);

/// <summary>A verbatim quote that supports the answer, checked against the stored text.</summary>
public sealed record Citation
{
    public required int SourceNumber { get; init; }
    public required string DocumentId { get; init; }
    public required long Version { get; init; }
    public required string Title { get; init; }
    public required string Uri { get; init; }
    public required string ChunkId { get; init; }
    public required string Quote { get; init; }
    /// <summary>In UTF-16 code units into the stored text of that version, inclusive.</summary>
    public required int StartOffset { get; init; }
    /// <summary>Exclusive.</summary>
    public required int EndOffset { get; init; }
    /// <summary>In the original: "page 12", "Sales, row 40"; empty where its format has no such places.</summary>
    public string Location { get; init; } = "";
}

public enum AbstentionReason
{
    Unspecified = 0,
    /// <summary>The collection holds nothing near the question.</summary>
    NothingFound = 1,
    /// <summary>Something was found, but it does not answer the question.</summary>
    WeakEvidence = 2,
    /// <summary>The model answered, but no citation of it could be verified.</summary>
    UnsupportedAnswer = 3,
}

/// <summary>The documents do not hold the answer.</summary>
public sealed record Abstention(AbstentionReason Reason, string Message);

/// <summary>What the answer took.</summary>
public sealed record Usage
{
    public required string Model { get; init; }
    /// <summary>Of the answering model; 0 for the extractive answerer.</summary>
    public required long PromptTokens { get; init; }
    public required long CompletionTokens { get; init; }
    /// <summary>Named by the model, not found in the sources, removed.</summary>
    public required int UnsupportedCitations { get; init; }
    /// <summary>Without any verified citation, removed.</summary>
    public required int UnsupportedSentences { get; init; }
    /// <summary>0 to 1: how well the best passage supports an answer.</summary>
    public required double Evidence { get; init; }
}
