using RagPlatform.Ingestion.Registry;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.ReadPassages;

internal static class ReadPassagesMapping
{
    public static IReadOnlyList<TextRange> ToRanges(this ReadPassagesRequest request) =>
        [.. request.Ranges.Select(range => new TextRange(range.DocumentId, range.Version, range.StartOffset, range.EndOffset))];

    public static ReadPassagesResponse ToResponse(this IReadOnlyList<string?> passages) =>
        new() { Passages = { passages.Select(text => new Passage { Found = text is not null, Text = text ?? "" }) } };
}
