namespace RagPlatform.Generation.Features.Answer;

/// <summary>What is asked, valid.</summary>
public sealed record AnswerQuestion(string Tenant, string Collection, string Question, string Model, int TopK)
{
    /// <summary>Which documents may be read, as it came: the retrieval service reads and judges it. Null: all.</summary>
    public ReadOnlyMemory<byte>? Filter { get; init; }
}

/// <summary>A chunk, or the parent of small ones, that the answer may cite.</summary>
/// <param name="Number">From 1, as the text refers to it.</param>
/// <param name="Start">In UTF-16 code units into the stored text of that version, inclusive.</param>
/// <param name="End">Exclusive.</param>
/// <param name="VectorScore">Cosine with the question, -1 to 1.</param>
public sealed record Source(
    int Number,
    string ChunkId,
    string DocumentId,
    long Version,
    string Title,
    string Uri,
    IReadOnlyList<string> HeadingPath,
    string Text,
    int Start,
    int End,
    double Score,
    double LexicalScore,
    double VectorScore,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>In the original: "page 12"; empty where it has no such places.</summary>
    public string Location { get; init; } = "";
}

/// <summary>A quote and where it stands in the stored text; the end is exclusive.</summary>
public sealed record Citation(Source Source, string Quote, int Start, int End)
{
    /// <inheritdoc cref="Source.Location"/>
    public string Location { get; init; } = "";
}

public enum AbstentionReason
{
    NothingFound,
    WeakEvidence,
    UnsupportedAnswer,
}

/// <summary>Time spent in one part of the call.</summary>
/// <param name="IsModel">Inside a model, not in the platform.</param>
public sealed record PartTiming(string Part, double Milliseconds, bool IsModel);

/// <summary>One piece of an answer. In this order: sources; then text and citations, or an abstention (after text, where its support failed); the completion.</summary>
public abstract record AnswerPart;

public sealed record SourcesPart(IReadOnlyList<Source> Sources) : AnswerPart;

public sealed record TextPart(string Text) : AnswerPart;

public sealed record AbstentionPart(AbstentionReason Reason, string Message) : AnswerPart;

public sealed record CitationsPart(IReadOnlyList<Citation> Citations) : AnswerPart;

/// <param name="Model">As callers name it.</param>
/// <param name="Evidence">0 to 1: how well the sources support the answer.</param>
public sealed record CompletionPart(
    string Model,
    long PromptTokens,
    long CompletionTokens,
    int UnsupportedCitations,
    int UnsupportedSentences,
    double Evidence,
    IReadOnlyList<PartTiming> Timings) : AnswerPart;
