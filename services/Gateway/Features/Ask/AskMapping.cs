using System.Diagnostics;
using Downstream = RagPlatform.Protos.Generation.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.Ask;

internal static class AskMapping
{
    public static Downstream.AnswerRequest ToGeneration(this V1.AskRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.OrDefault(request.Collection),
        Question = request.Question,
        Model = request.Model,
        TopK = request.TopK,
        Filter = request.Filter,
    };

    /// <param name="part">One part of the answer.</param>
    /// <param name="elapsed">Since the question arrived at the gateway.</param>
    public static V1.AskResponse ToGateway(this Downstream.AnswerResponse part, TimeSpan elapsed) => part.PartCase switch
    {
        Downstream.AnswerResponse.PartOneofCase.Sources => new() { Sources = new() { Sources = { part.Sources.Sources.Select(ToGateway) } } },
        Downstream.AnswerResponse.PartOneofCase.Text => new() { Text = part.Text },
        Downstream.AnswerResponse.PartOneofCase.Abstention =>
            new() { Abstention = new() { Reason = (V1.AbstentionReason)part.Abstention.Reason, Message = part.Abstention.Message } },
        Downstream.AnswerResponse.PartOneofCase.Citations => new() { Citations = new() { Citations = { part.Citations.Citations.Select(ToGateway) } } },
        Downstream.AnswerResponse.PartOneofCase.Completion => new() { Completion = ToGateway(part.Completion, elapsed) },
        _ => throw new InvalidOperationException($"Generation sent a part of an unknown kind, {part.PartCase}."),
    };

    private static V1.Completion ToGateway(Downstream.Completion completion, TimeSpan elapsed) => new()
    {
        Usage = new()
        {
            Model = completion.Model,
            PromptTokens = completion.PromptTokens,
            CompletionTokens = completion.CompletionTokens,
            UnsupportedCitations = completion.UnsupportedCitations,
            UnsupportedSentences = completion.UnsupportedSentences,
            Evidence = completion.Evidence,
        },
        Timings =
        {
            completion.Timings.Select(timing => new V1.Timing { Part = timing.Part, Milliseconds = timing.Milliseconds, IsModel = timing.IsModel }),
            GatewayTimingMapping.Rest(elapsed, completion.Timings.Sum(timing => timing.Milliseconds)),
        },
        TraceId = Activity.Current?.TraceId.ToString() ?? "",
    };

    private static V1.Source ToGateway(Downstream.Source source) => new()
    {
        Number = source.Number,
        Hit = new()
        {
            ChunkId = source.ChunkId,
            DocumentId = source.DocumentId,
            Version = source.Version,
            Title = source.Title,
            Uri = source.Uri,
            HeadingPath = { source.HeadingPath },
            Text = source.Text,
            StartOffset = source.StartOffset,
            EndOffset = source.EndOffset,
            Score = source.Score,
            LexicalScore = source.LexicalScore,
            VectorScore = source.VectorScore,
            Metadata = { source.Metadata },
            Location = source.Location,
        },
    };

    private static V1.Citation ToGateway(Downstream.Citation citation) => new()
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
