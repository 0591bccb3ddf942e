using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Features.ListDocuments;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.RedriveDocuments;

/// <param name="Filter">Whose, of which collection and batch.</param>
/// <param name="Step">In which they failed; any when empty.</param>
/// <param name="Code">For which they failed; any when empty.</param>
/// <param name="IsDryRun">Tells which, begins none.</param>
public sealed record RedriveScope(CatalogFilter Filter, string Step, string Code, bool IsDryRun);

/// <param name="Documents">That are begun again, or would be, as they had failed.</param>
/// <param name="Refused">That match and have no content to begin again with.</param>
/// <param name="NextPageToken">Empty when all have been looked at.</param>
public sealed record RedrivePage(IReadOnlyList<DocumentVersion> Documents, IReadOnlyList<DocumentVersion> Refused, string NextPageToken);

/// <summary>Begins failed versions again, with their attempts reset: one document, or a page of all that failed alike.</summary>
public sealed class RedriveDocumentsHandler(DocumentCatalog catalog, DocumentWriter writer, DocumentAnnouncer announcer)
{
    public const int DefaultPageSize = 200;
    public const int MaxPageSize = 500;

    /// <exception cref="Grpc.Errors.ServiceException">NotFound, FailedPrecondition: it has not failed. InvalidArgument.</exception>
    public async Task<RedrivePage> RedriveAsync(string id, RedriveScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var key = GetDocumentHandler.Key(scope.Filter.Tenant, scope.Filter.Collection, id);
        var document = catalog.Find(key) ?? throw IngestionErrors.DocumentNotFound(key.Collection, id);
        return document.State is DocumentState.Failed
            ? await RedriveAsync([document], scope, nextPageToken: "", cancellationToken)
            : throw IngestionErrors.DocumentNotFailed(id, document.State);
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field and its range.</exception>
    public async Task<RedrivePage> RedriveAsync(RedriveScope scope, int pageSize, string pageToken, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ListDocumentsHandler.CheckFilter(scope.Filter);
        if (pageSize is < 0 or > MaxPageSize)
        {
            throw IngestionErrors.Invalid("page_size", $"{pageSize} is outside 1 to {MaxPageSize}.", $"Leave it out for {DefaultPageSize}.");
        }

        var size = pageSize == 0 ? DefaultPageSize : pageSize;
        var failed = catalog.List(scope.Filter with { State = DocumentState.Failed }, ListDocumentsHandler.ReadPageToken(scope.Filter, pageToken), size + 1);
        var next = failed.Count > size ? PageToken.Write(failed[size - 1].Key) : "";
        return await RedriveAsync([.. failed.Take(size)], scope, next, cancellationToken);
    }

    private async Task<RedrivePage> RedriveAsync(IReadOnlyList<DocumentVersion> failed, RedriveScope scope, string nextPageToken, CancellationToken cancellationToken)
    {
        var matching = failed.Where(version =>
            (scope.Step.Length == 0 || version.Failure!.Step == scope.Step) && (scope.Code.Length == 0 || version.Failure!.Code == scope.Code)).ToLookup(IsRedrivable);
        IReadOnlyList<DocumentVersion> documents = [.. matching[true]];
        if (!scope.IsDryRun && documents.Count > 0)
        {
            var begun = await writer.RedriveAsync(documents, cancellationToken);
            await announcer.TryAnnounceAsync(begun, CancellationToken.None);
            var keys = begun.Select(version => version.Key).ToHashSet();
            documents = [.. documents.Where(version => keys.Contains(version.Key))];
        }

        return new RedrivePage(documents, [.. matching[false]], nextPageToken);
    }

    /// <summary>A deletion, or content that was accepted; what was refused on the way in was never stored.</summary>
    private static bool IsRedrivable(DocumentVersion version) => version.ContentHash.Length == 0 || version.ContentBytes > 0;
}
