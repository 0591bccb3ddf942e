using Grpc.Core;
using RagPlatform.Protos.Generation.V1;

namespace RagPlatform.Generation.Tests.Hosting;

/// <summary>A whole answer as a client saw it.</summary>
internal sealed record ReceivedAnswer(IReadOnlyList<AnswerResponse> Parts)
{
    public IReadOnlyList<Source> Sources => [.. Parts.Where(part => part.Sources is not null).SelectMany(part => part.Sources.Sources)];

    public string Text => string.Concat(Parts.Where(part => part.PartCase is AnswerResponse.PartOneofCase.Text).Select(part => part.Text));

    public IReadOnlyList<Citation> Citations => [.. Parts.Where(part => part.Citations is not null).SelectMany(part => part.Citations.Citations)];

    public Abstention? Abstention => Parts.SingleOrDefault(part => part.Abstention is not null)?.Abstention;

    public Completion Completion => Parts.Single(part => part.Completion is not null).Completion;

    public IEnumerable<AnswerResponse.PartOneofCase> Order => Parts.Select(part => part.PartCase);

    public static async Task<ReceivedAnswer> ReadAsync(AsyncServerStreamingCall<AnswerResponse> call)
    {
        var parts = new List<AnswerResponse>();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
        {
            parts.Add(part);
        }

        return new ReceivedAnswer(parts);
    }

    /// <summary>The promise [6]: every citation is in the stored text, verbatim, where it says.</summary>
    public ReceivedAnswer ShouldCiteOnlyWhatIsStored(Library library)
    {
        foreach (var citation in Citations)
        {
            library.StoredTexts[citation.DocumentId][citation.StartOffset..citation.EndOffset].ShouldBe(citation.Quote);
        }

        return this;
    }
}
