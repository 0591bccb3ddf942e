using System.Diagnostics;
using System.Security.Cryptography;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Features.DeleteDocument;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Features.StageContent;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>Takes a drop, or records why not. When it returns, the registry holds the outcome and the drop may be acknowledged.</summary>
public sealed partial class DropDocumentsHandler(
    DropParser parser, StagedContents staged, PutDocumentHandler put, DeleteDocumentHandler delete, DocumentWriter writer, ILogger<DropDocumentsHandler> logger)
{
    /// <summary>What a body says, before anything is done about it.</summary>
    public ReadDrop Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return new ReadDrop(body, parser.Parse(body), Rejection: null);
        }
        catch (DropRejectedException rejection)
        {
            return new ReadDrop(body, Drop: null, rejection);
        }
    }

    /// <param name="read">The drop.</param>
    /// <param name="requiredTenant">Whose it must be; anybody's when null.</param>
    /// <param name="cancellationToken">Ends it; nothing is stored.</param>
    /// <returns>Null when the drop is dealt with; else why it is not, and no document to record that for.</returns>
    /// <exception cref="ServiceException">PermissionDenied: it is another tenant's. Unavailable: the registry cannot be written.</exception>
    public async Task<DropRejectedException?> TakeAsync(ReadDrop read, string? requiredTenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            var drop = read.Drop ?? throw read.Rejection!;
            CheckTenant(drop.Document.Tenant, requiredTenant);
            Describe(drop.Document.Tenant, drop.Document.Collection, drop.Document.Id);
            await TakeAsync(drop, cancellationToken);
            return null;
        }
        catch (DropRejectedException rejection)
        {
            Activity.Current?.SetStatus(ActivityStatusCode.Error, rejection.Message);
            CheckTenant(rejection.Document?.Tenant, requiredTenant);
            if (rejection.Document is null)
            {
                LogUnattributed(logger, rejection.Code, rejection.Message);
                return rejection;
            }

            LogRefused(logger, rejection.Document.ToString(), rejection.Code, rejection.Message);
            await writer.RegisterAsync(Refused(rejection, read.Body), cancellationToken);
            return null;
        }
    }

    private async Task TakeAsync(Drop drop, CancellationToken cancellationToken)
    {
        var document = drop.Document;
        try
        {
            if (drop.IsDeletion)
            {
                await delete.DeleteAsync(document.Tenant, document.Collection, document.Id, document.BatchId, cancellationToken);
            }
            else
            {
                await put.PutAsync(document with { Content = FindContent(drop) }, cancellationToken);
            }
        }
        catch (ServiceException gone) when (drop.IsDeletion && gone.Kind is FailureKind.NotFound)
        {
            // Delivered again after it was done, or never there: either way what was asked for holds.
            LogNothingToDelete(logger, document.Collection, document.Id);
        }
        catch (ServiceException refusal) when (refusal.Kind is FailureKind.InvalidArgument)
        {
            throw DropRejectedException.From(refusal, drop.ContentField).For(document.Tenant, new(document.Tenant, document.Collection, document.Id), document.BatchId);
        }
    }

    private static void CheckTenant(string? tenant, string? requiredTenant)
    {
        if (tenant is not null && requiredTenant is not null && tenant != requiredTenant)
        {
            throw IngestionErrors.DropOfAnotherTenant(tenant);
        }
    }

    private ReadOnlyMemory<byte> FindContent(Drop drop) =>
        drop.Reference is not { } reference
            ? drop.Document.Content
            : staged.Find(drop.Document.Tenant, reference)
                ?? throw new DropRejectedException("CONTENT_NOT_STAGED", drop.ContentField, $"the tenant '{drop.Document.Tenant}' has no staged content '{reference}': it was staged by another one or never, or has expired.", "Stage the content again, and send the drop with the new contentRef.")
                {
                    Document = new(drop.Document.Tenant, drop.Document.Collection, drop.Document.Id),
                    BatchId = drop.Document.BatchId,
                };

    /// <summary>The same refused bytes are the same version, so that a drop delivered again is recorded once.</summary>
    private static NewVersion Refused(DropRejectedException rejection, ReadOnlyMemory<byte> body) => new()
    {
        Key = rejection.Document!,
        ContentHash = Convert.ToHexStringLower(SHA256.HashData(body.Span)),
        ContentType = "",
        Title = "",
        Uri = "",
        Metadata = new Dictionary<string, string>(),
        Content = default,
        TraceParent = Activity.Current?.Id,
        BatchId = rejection.BatchId,
        Refusal = rejection.ToFailure(),
    };

    private static void Describe(string tenant, string collection, string id) =>
        Activity.Current?.SetTag("rag.tenant", tenant).SetTag("rag.collection", collection).SetTag("rag.document.id", id);

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Drop for {Document} refused with {Code}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string document, string code, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Drop set aside with {Code}: {Reason}")]
    private static partial void LogUnattributed(ILogger logger, string code, string reason);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Drop asks to delete {Collection}/{Id}, which is not there")]
    private static partial void LogNothingToDelete(ILogger logger, string collection, string id);
}
