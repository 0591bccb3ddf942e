using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

internal static class AnswerMapping
{
    /// <summary>Null for a kind of part that this client is too old to know.</summary>
    public static AnswerPart? ToPart(this V1.AskResponse response) => response.PartCase switch
    {
        V1.AskResponse.PartOneofCase.Sources =>
            new AnswerPart.SourcesFound([.. response.Sources.Sources.Select(source => new Source(source.Number, source.Hit.ToHit()))]),
        V1.AskResponse.PartOneofCase.Text => new AnswerPart.TextPiece(response.Text),
        V1.AskResponse.PartOneofCase.Abstention =>
            new AnswerPart.Abstained(new Abstention((AbstentionReason)response.Abstention.Reason, response.Abstention.Message)),
        V1.AskResponse.PartOneofCase.Citations =>
            new AnswerPart.CitationsVerified([.. response.Citations.Citations.Select(ToCitation)]),
        V1.AskResponse.PartOneofCase.Completion =>
            new AnswerPart.Completed((response.Completion.Usage ?? new V1.Usage()).ToUsage(), response.Completion.Timings.ToTimings(), response.Completion.TraceId),
        _ => null,
    };

    public static IReadOnlyList<Timing> ToTimings(this IEnumerable<V1.Timing> timings) =>
        [.. timings.Select(timing => new Timing(timing.Part, timing.Milliseconds, timing.IsModel))];

    public static Usage ToUsage(this V1.Usage usage) => new()
    {
        Model = usage.Model,
        PromptTokens = usage.PromptTokens,
        CompletionTokens = usage.CompletionTokens,
        UnsupportedCitations = usage.UnsupportedCitations,
        UnsupportedSentences = usage.UnsupportedSentences,
        Evidence = usage.Evidence,
    };

    private static Citation ToCitation(V1.Citation citation) => new()
    {
        SourceNumber = citation.SourceNumber,
        DocumentId = citation.DocumentId,
        Version = citation.Version,
        Title = citation.Title,
        Uri = citation.Uri,
        ChunkId = citation.ChunkId,
        Quote = citation.Quote,
        StartOffset = citation.StartOffset,
        EndOffset = citation.EndOffset,
        Location = citation.Location,
    };
}
