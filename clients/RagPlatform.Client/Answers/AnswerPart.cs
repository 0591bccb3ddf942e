namespace RagPlatform.Client;

/// <summary>
/// One part of an answer as it arrives: the sources first, then pieces of text (or an abstention), then the citations,
/// then the completion.
/// </summary>
public abstract record AnswerPart
{
    private AnswerPart()
    {
    }

    /// <summary>First, once.</summary>
    public sealed record SourcesFound(IReadOnlyList<Source> Sources) : AnswerPart;

    /// <summary>Any number of pieces, to be joined.</summary>
    public sealed record TextPiece(string Text) : AnswerPart;

    /// <summary>Instead of text, or after text whose support failed and which must be discarded.</summary>
    public sealed record Abstained(Abstention Abstention) : AnswerPart;

    /// <summary>Once, after the text.</summary>
    public sealed record CitationsVerified(IReadOnlyList<Citation> Citations) : AnswerPart;

    /// <summary>Last, once.</summary>
    public sealed record Completed(Usage Usage, IReadOnlyList<Timing> Timings, string TraceId) : AnswerPart;
}
