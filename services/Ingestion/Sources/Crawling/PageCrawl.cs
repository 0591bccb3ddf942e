using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Features.DeleteDocument;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Sources.Web;

namespace RagPlatform.Ingestion.Sources.Crawling;

/// <summary>
/// Asks for one page and brings its document in step. A page that has not changed costs one conditional request; the registry
/// is asked whether the document is really there, so that what was deleted by hand comes back.
/// </summary>
public sealed partial class PageCrawl(
    WebFetcher fetcher, PutDocumentHandler put, DeleteDocumentHandler delete, DocumentCatalog catalog, IOptions<IngestionOptions> ingestion, IOptions<WebSourceOptions> options, TimeProvider time,
    ILogger<PageCrawl> logger)
{
    /// <summary>The metadata entry that tells whose a document is: who put it there is the only one to delete it.</summary>
    public const string SourceKeyName = "rag.source";

    /// <param name="source">Whose page.</param>
    /// <param name="page">As it was known.</param>
    /// <param name="gate">Of this crawl.</param>
    /// <param name="cancellationToken">Ends it; the page stays to be asked for.</param>
    /// <returns>The page as it is known now.</returns>
    public async Task<SourcePage> CrawlAsync(Source source, SourcePage page, CrawlGate gate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(page);
        var now = time.GetUtcNow();
        try
        {
            var description = Describe(source, page.Url);
            var descriptionHash = VersionHash.Compute("", "", description.Uri, description.Metadata, default);
            if (OwnerOf(source, description.Id.Length > 0 ? description.Id : SubmissionRules.DefaultId(page.Url, default)) is { } owner && owner != source.Key.Name)
            {
                return Failed(page, 0, new SourceFailure("OTHER_SOURCE", $"The collection has a document of this address from the source {IngestionErrors.Shorten(owner)}.", "Take the page out of one of the sources, or give them different collections."), now);
            }

            var isInStep = page.DocumentId.Length > 0 && page.DescriptionHash == descriptionHash && IsThere(source, page.DocumentId);
            var maxBytes = Math.Min(options.Value.MaxPageBytes, ingestion.Value.MaxDocumentBytes);
            var found = await fetcher.FetchPatientlyAsync(new Uri(page.Url), isInStep ? new KnownContent(page.ETag, page.LastModified) : null, maxBytes, gate.CheckAsync, cancellationToken);
            gate.NoteAnswer(page.Url);
            var asked = page with { HttpStatus = found.Status, FetchedAt = now, Failure = null };
            switch (found.Status)
            {
                case 304:
                    return asked with { State = PageState.Unchanged, MissingSince = null };
                case 404 or 410:
                    return Missing(asked, now);
            }

            var hash = Convert.ToHexStringLower(SHA256.HashData(found.Body));
            asked = asked with { ETag = found.Known.ETag, LastModified = found.Known.LastModified, ContentHash = hash, DescriptionHash = descriptionHash, MissingSince = null };
            if (isInStep && hash == page.ContentHash)
            {
                return asked with { State = PageState.Unchanged };
            }

            var registration = await put.PutAsync(description with { ContentType = found.ContentType, Content = found.Body }, cancellationToken);
            return asked with
            {
                DocumentId = registration.Version.Key.DocumentId,
                State = registration.Unchanged ? PageState.Unchanged : PageState.Changed,
                ChangedAt = registration.Unchanged ? page.ChangedAt : now,
            };
        }
        catch (FetchException exception)
        {
            gate.NoteFailure(page.Url, exception.Failure);
            return Failed(page, exception.Failure.HttpStatus, SourceFailure.Of(exception.Failure), now);
        }
        catch (ServiceException refusal) when (refusal.Kind is FailureKind.InvalidArgument)
        {
            return Failed(page, 200, new SourceFailure(refusal.Code, refusal.Message, refusal.Remedy ?? ""), now);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ServiceException))
        {
            // Set aside, or the crawl would come back to it for ever.
            LogUnexpected(logger, exception, page.Url);
            return Failed(page, 0, new SourceFailure("UNEXPECTED_FAILURE", "It could not be dealt with for a reason that is not the page's.", "Look for it in the service's log at this time."), now);
        }
    }

    /// <summary>Not found, or no longer listed; since when is remembered.</summary>
    public static SourcePage Missing(SourcePage page, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(page);
        return page with { State = PageState.Missing, MissingSince = page.MissingSince ?? now };
    }

    /// <summary>Deletes the page's document, if it is still this source's.</summary>
    public async Task DeleteAsync(Source source, SourcePage page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(page);
        if (page.DocumentId.Length == 0 || !IsThere(source, page.DocumentId))
        {
            return;
        }

        try
        {
            await delete.DeleteAsync(source.Key.Tenant, source.Definition.Collection, page.DocumentId, batchId: "", cancellationToken);
        }
        catch (ServiceException gone) when (gone.Kind is FailureKind.NotFound)
        {
            // By someone else, in this moment: as it was wanted.
        }
    }

    /// <summary>The address is the id, where it is no longer than ids may be.</summary>
    private static DocumentSubmission Describe(Source source, string url) => new()
    {
        Tenant = source.Key.Tenant,
        Collection = source.Definition.Collection,
        Id = Names.IsDocumentId(url) ? url : "",
        Uri = url,
        Metadata = new Dictionary<string, string>(source.Definition.Metadata) { [SourceKeyName] = source.Key.Name },
    };

    private bool IsThere(Source source, string documentId) => OwnerOf(source, documentId) == source.Key.Name;

    /// <summary>The source that put the document; null when there is none, or no source put it.</summary>
    private string? OwnerOf(Source source, string documentId) =>
        catalog.Find(new DocumentKey(source.Key.Tenant, source.Definition.Collection, documentId)) is { State: not (DocumentState.Deleting or DocumentState.Deleted) } document
            ? document.Metadata.GetValueOrDefault(SourceKeyName)
            : null;

    /// <summary>Its document stays; the next crawl asks for the whole page.</summary>
    private static SourcePage Failed(SourcePage page, int status, SourceFailure failure, DateTimeOffset now) =>
        page with { State = PageState.Failed, HttpStatus = status, ETag = "", LastModified = "", FetchedAt = now, Failure = failure };

    [LoggerMessage(EventId = 65, Level = LogLevel.Error, Message = "The page {Url} could not be crawled")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string url);
}
