using System.Globalization;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ListVersions;

/// <param name="Versions">Newest first.</param>
/// <param name="NextPageToken">Empty on the last page.</param>
public sealed record VersionPage(IReadOnlyList<DocumentVersion> Versions, string NextPageToken);

/// <summary>A document's versions that the registry still holds, newest first.</summary>
public sealed class ListVersionsHandler(DocumentCatalog catalog)
{
    public const int DefaultPageSize = 50;
    public const int MaxPageSize = 200;

    /// <exception cref="Grpc.Errors.ServiceException">NotFound, or InvalidArgument.</exception>
    public VersionPage List(string tenant, string collection, string id, int pageSize, string pageToken)
    {
        var key = GetDocumentHandler.Key(tenant, collection, id);
        if (pageSize is < 0 or > MaxPageSize)
        {
            throw IngestionErrors.Invalid("page_size", $"{pageSize} is outside 1 to {MaxPageSize}.", $"Leave it out for {DefaultPageSize}.");
        }

        var before = long.MaxValue;
        if (pageToken.Length > 0 && (!long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before < 1))
        {
            throw IngestionErrors.InvalidPageToken();
        }

        var size = pageSize == 0 ? DefaultPageSize : pageSize;
        var versions = catalog.ListVersions(key, before, size + 1);
        if (versions.Count == 0 && pageToken.Length == 0)
        {
            throw IngestionErrors.DocumentNotFound(collection, id);
        }

        return new VersionPage([.. versions.Take(size)], versions.Count > size ? versions[size - 1].Version.ToString(CultureInfo.InvariantCulture) : "");
    }
}
