using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ListDocuments;

/// <summary>A tenant's documents, page by page, by collection and id.</summary>
public sealed class ListDocumentsHandler(DocumentCatalog catalog)
{
    public const int DefaultPageSize = 100;
    public const int MaxPageSize = 1000;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field and its range.</exception>
    public DocumentPage List(CatalogFilter filter, int pageSize, string pageToken)
    {
        CheckFilter(filter);
        if (pageSize is < 0 or > MaxPageSize)
        {
            throw IngestionErrors.Invalid("page_size", $"{pageSize} is outside 1 to {MaxPageSize}.", $"Leave it out for {DefaultPageSize}.");
        }

        var size = pageSize == 0 ? DefaultPageSize : pageSize;
        var after = ReadPageToken(filter, pageToken);
        var documents = catalog.List(filter, after, size + 1);
        var hasMore = documents.Count > size;
        var page = hasMore ? documents.Take(size).ToList() : documents;
        return new DocumentPage(page, hasMore ? PageToken.Write(page[^1].Key) : "", catalog.Count(filter));
    }

    /// <summary>Null for the first page.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: it is not one of ours, or of another collection.</exception>
    public static CatalogPosition? ReadPageToken(CatalogFilter filter, string pageToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(pageToken);
        var after = pageToken.Length == 0 ? null : PageToken.Read(pageToken);
        return after is null || filter.Collection.Length == 0 || after.Collection == filter.Collection ? after : throw IngestionErrors.InvalidPageToken();
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field.</exception>
    public static void CheckFilter(CatalogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        SubmissionRules.CheckTenant(filter.Tenant);
        if (filter.Collection.Length > 0)
        {
            SubmissionRules.CheckCollection(filter.Collection);
        }

        SubmissionRules.CheckBatch(filter.BatchId);
        if (filter.State is { } given && !Enum.IsDefined(given))
        {
            throw IngestionErrors.Invalid("state", $"{(int)given} is no document state; 0 to {(int)DocumentState.Deleted} are.", "Leave it out, or name one of them.");
        }
    }
}

/// <param name="Documents">Of this page.</param>
/// <param name="NextPageToken">Empty on the last page.</param>
/// <param name="TotalCount">Over all pages.</param>
public sealed record DocumentPage(IReadOnlyList<DocumentVersion> Documents, string NextPageToken, long TotalCount);
