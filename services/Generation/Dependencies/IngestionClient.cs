using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Generation.Dependencies;

/// <summary>Asks the document registry.</summary>
internal sealed class IngestionClient(IngestionService.IngestionServiceClient client) : IStoredTextReader
{
    public async Task<IReadOnlyList<StoredPassage?>> ReadAsync(
        string tenant, string collection, IReadOnlyList<StoredRange> ranges, bool widen, CancellationToken cancellationToken)
    {
        var request = new ReadPassagesRequest
        {
            Tenant = tenant,
            Collection = collection,
            WidenToParent = widen,
            Ranges =
            {
                ranges.Select(range => new PassageRange
                {
                    DocumentId = range.DocumentId,
                    Version = range.Version,
                    StartOffset = range.Start,
                    EndOffset = range.End,
                }),
            },
        };
        var response = await client.ReadPassagesAsync(request, cancellationToken: cancellationToken);
        return response.Passages.Count == ranges.Count
            ? [.. response.Passages.Select(passage => passage.Found ? new StoredPassage(passage.Text, passage.StartOffset, passage.EndOffset, passage.Location) : null)]
            : throw new InvalidOperationException($"The ingestion service returned {response.Passages.Count} passages for {ranges.Count} ranges.");
    }
}
