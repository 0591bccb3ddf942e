namespace RagPlatform.Generation.Features.Answer;

/// <summary>Turns sources into an answer of which every citation is verified.</summary>
public interface IAnswerer
{
    /// <summary>As callers name it; null while it is not configured.</summary>
    string? Model { get; }

    /// <summary>Text and citations, or an abstention; then one completion with this answerer's own timings.</summary>
    /// <param name="question">Valid.</param>
    /// <param name="sources">At least one, best first.</param>
    IAsyncEnumerable<AnswerPart> AnswerAsync(AnswerQuestion question, IReadOnlyList<Source> sources, CancellationToken cancellationToken);
}
