using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.CountDocuments;

internal static class CountDocumentsMapping
{
    public static CountDocumentsResponse ToResponse(this IReadOnlyDictionary<Registry.DocumentState, long> counts) => new()
    {
        Counts = { counts.OrderBy(entry => entry.Key).Select(entry => new DocumentCount { State = (DocumentState)entry.Key, Count = entry.Value }) },
    };
}
