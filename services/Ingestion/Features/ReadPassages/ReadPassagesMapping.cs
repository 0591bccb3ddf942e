using RagPlatform.Ingestion.Registry;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.ReadPassages;

internal static class ReadPassagesMapping
{
    public static IReadOnlyList<TextRange> ToRanges(this ReadPassagesRequest request) =>
        [.. request.Ranges.Select(range => new TextRange(range.DocumentId, range.Version, range.StartOffset, range.EndOffset))];

    public static ReadPassagesResponse ToResponse(this IReadOnlyList<StoredPassage?> passages) => new()
    {
        Passages =
        {
            passages.Select(passage => passage is null
                ? new Passage()
                : new Passage { Found = true, Text = passage.Text, Location = passage.Location, StartOffset = passage.Start, EndOffset = passage.End }),
        },
    };
}
