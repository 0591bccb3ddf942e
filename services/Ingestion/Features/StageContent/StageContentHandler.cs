using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Features.PutDocument;

namespace RagPlatform.Ingestion.Features.StageContent;

/// <summary>Takes content in pieces and stages it: at most <see cref="IngestionOptions.MaxConcurrentUploads"/> are held in memory at once.</summary>
public sealed class StageContentHandler(StagedContents staged, IOptions<IngestionOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _uploads = new(options.Value.MaxConcurrentUploads);

    /// <param name="parts">The tenant first, once; then the content.</param>
    /// <param name="cancellationToken">Ends it; nothing is stored.</param>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: there is no content, too much, or no tenant first.</exception>
    public async Task<StagedContent> StageAsync(IAsyncEnumerable<StagingPart> parts, CancellationToken cancellationToken)
    {
        await _uploads.WaitAsync(cancellationToken);
        try
        {
            string? tenant = null;
            using var content = new MemoryStream();
            await foreach (var part in parts.WithCancellation(cancellationToken))
            {
                if (part.Tenant is not null)
                {
                    tenant = tenant is null ? SubmissionRules.CheckTenant(part.Tenant) : throw IngestionErrors.UploadOutOfOrder("the tenant came twice.");
                }
                else if (tenant is null)
                {
                    throw IngestionErrors.UploadOutOfOrder("content came before the tenant.");
                }
                else if (content.Length + part.Content.Length > options.Value.MaxDocumentBytes)
                {
                    throw IngestionErrors.ContentTooLarge(content.Length + part.Content.Length, options.Value.MaxDocumentBytes);
                }
                else
                {
                    content.Write(part.Content.Span);
                }
            }

            return content.Length > 0
                ? await staged.StageAsync(tenant!, content.ToArray(), cancellationToken)
                : throw IngestionErrors.EmptyContent();
        }
        finally
        {
            _uploads.Release();
        }
    }

    public void Dispose() => _uploads.Dispose();
}

/// <summary>One message: either the tenant, or a piece of content.</summary>
public sealed record StagingPart(string? Tenant, ReadOnlyMemory<byte> Content);
