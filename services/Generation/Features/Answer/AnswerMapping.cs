using Google.Protobuf;
using RagPlatform.Protos.Generation.V1;

namespace RagPlatform.Generation.Features.Answer;

/// <summary>Proto to domain and back, for Answer only.</summary>
internal static class AnswerMapping
{
    public static AnswerQuestion ToDomain(this AnswerRequest request) =>
        new(request.Tenant, request.Collection, request.Question, request.Model, request.TopK)
        {
            Filter = request.Filter is { } filter ? filter.ToByteArray() : (ReadOnlyMemory<byte>?)null,
        };

    public static AnswerResponse ToProto(this AnswerPart part) => part switch
    {
        SourcesPart sources => new() { Sources = new SourceList { Sources = { sources.Sources.Select(ToProto) } } },
        TextPart text => new() { Text = text.Text },
        AbstentionPart abstention => new() { Abstention = new Abstention { Reason = ToProto(abstention.Reason), Message = abstention.Message } },
        CitationsPart citations => new() { Citations = new CitationList { Citations = { citations.Citations.Select(ToProto) } } },
        CompletionPart completion => new() { Completion = ToProto(completion) },
        _ => throw new InvalidOperationException($"{part.GetType().Name} has no place in the answer's stream."),
    };

    private static Protos.Generation.V1.Source ToProto(Source source) => new()
    {
        Number = source.Number,
        ChunkId = source.ChunkId,
        DocumentId = source.DocumentId,
        Version = source.Version,
        Title = source.Title,
        Uri = source.Uri,
        HeadingPath = { source.HeadingPath },
        Text = source.Text,
        StartOffset = source.Start,
        EndOffset = source.End,
        Score = source.Score,
        LexicalScore = source.LexicalScore,
        VectorScore = source.VectorScore,
        Metadata = { source.Metadata.ToDictionary() },
        Location = source.Location,
    };

    private static Protos.Generation.V1.Citation ToProto(Citation citation) => new()
    {
        SourceNumber = citation.Source.Number,
        DocumentId = citation.Source.DocumentId,
        Version = citation.Source.Version,
        Title = citation.Source.Title,
        Uri = citation.Source.Uri,
        ChunkId = citation.Source.ChunkId,
        Quote = citation.Quote,
        StartOffset = citation.Start,
        EndOffset = citation.End,
        Location = citation.Location,
    };

    private static Completion ToProto(CompletionPart completion) => new()
    {
        Model = completion.Model,
        PromptTokens = completion.PromptTokens,
        CompletionTokens = completion.CompletionTokens,
        UnsupportedCitations = completion.UnsupportedCitations,
        UnsupportedSentences = completion.UnsupportedSentences,
        Evidence = completion.Evidence,
        Timings = { completion.Timings.Select(timing => new Timing { Part = timing.Part, Milliseconds = timing.Milliseconds, IsModel = timing.IsModel }) },
    };

    private static Protos.Generation.V1.AbstentionReason ToProto(AbstentionReason reason) => reason switch
    {
        AbstentionReason.NothingFound => Protos.Generation.V1.AbstentionReason.NothingFound,
        AbstentionReason.WeakEvidence => Protos.Generation.V1.AbstentionReason.WeakEvidence,
        _ => Protos.Generation.V1.AbstentionReason.UnsupportedAnswer,
    };
}
