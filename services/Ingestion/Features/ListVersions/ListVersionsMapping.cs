using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.ListVersions;

internal static class ListVersionsMapping
{
    public static ListVersionsResponse ToResponse(this VersionPage page) =>
        new() { Versions = { page.Versions.Select(version => version.ToProto()) }, NextPageToken = page.NextPageToken };
}
