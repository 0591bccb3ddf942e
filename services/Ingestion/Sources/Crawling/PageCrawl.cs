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
public sealed class PageCrawl(
    WebFetcher fetcher, PutDocumentHandler put, DeleteDocumentHandler delete, DocumentCatalog catalog, IOptions<IngestionOptions> ingestion, IOptions<WebSourceOptions> options, TimeProvider time)
{
    /// <summary>The metadata entry that tells whose a document is: who put it there is the only one to delete it.</summary>
    public const string SourceKeyName = "rag.source";

    private const int Attempts = 3;
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);

    /// <param name="source">Whose page.</param>
    /// <param name="page">As it was known.</param>
    /// <param name="judge">Robots.</param>
    /// <param name="cancellationToken">Ends it; the page stays to be asked for.</param>
    /// <returns>The page as it is known now.</returns>
    public async Task<SourcePage> CrawlAsync(Source source, SourcePage page, Func<Uri, CancellationToken, Task> judge, CancellationToken cancellationToken)
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
            var found = await FetchAsync(new Uri(page.Url), isInStep ? new KnownContent(page.ETag, page.LastModified) : null, judge, cancellationToken);
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
            return Failed(page, exception.Failure.HttpStatus, SourceFailure.Of(exception.Failure), now);
        }
        catch (ServiceException refusal) when (refusal.Kind is FailureKind.InvalidArgument)
        {
            return Failed(page, 200, new SourceFailure(refusal.Code, refusal.Message, refusal.Remedy ?? ""), now);
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

    private async Task<FetchedContent> FetchAsync(Uri url, KnownContent? known, Func<Uri, CancellationToken, Task> judge, CancellationToken cancellationToken)
    {
        var maxBytes = Math.Min(options.Value.MaxPageBytes, ingestion.Value.MaxDocumentBytes);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await fetcher.FetchAsync(url, known, maxBytes, judge, cancellationToken);
            }
            catch (FetchException exception) when (exception.Failure.IsTransient && attempt < Attempts)
            {
                await Task.Delay(FirstRetryDelay * Math.Pow(4, attempt - 1), time, cancellationToken);
            }
        }
    }
}
