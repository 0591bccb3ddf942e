using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.UploadDocument;

/// <summary>Puts a document that arrives in pieces: at most <see cref="IngestionOptions.MaxConcurrentUploads"/> are held in memory at once.</summary>
public sealed class UploadDocumentHandler(PutDocumentHandler put, IOptions<IngestionOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _uploads = new(options.Value.MaxConcurrentUploads);

    /// <param name="parts">The header first, once; then the content.</param>
    /// <param name="cancellationToken">Ends it; nothing is stored.</param>
    public async Task<Registration> UploadAsync(IAsyncEnumerable<UploadPart> parts, CancellationToken cancellationToken)
    {
        await _uploads.WaitAsync(cancellationToken);
        try
        {
            return await put.PutAsync(await CollectAsync(parts, options.Value.MaxDocumentBytes, cancellationToken), cancellationToken);
        }
        finally
        {
            _uploads.Release();
        }
    }

    private static async Task<DocumentSubmission> CollectAsync(IAsyncEnumerable<UploadPart> parts, int maxBytes, CancellationToken cancellationToken)
    {
        DocumentSubmission? header = null;
        using var content = new MemoryStream();
        await foreach (var part in parts.WithCancellation(cancellationToken))
        {
            if (part.Header is not null)
            {
                header = header is null ? part.Header : throw IngestionErrors.UploadOutOfOrder("the header came twice.");
            }
            else if (header is null)
            {
                throw IngestionErrors.UploadOutOfOrder("content came before the header.");
            }
            else if (content.Length + part.Content.Length > maxBytes)
            {
                throw IngestionErrors.ContentTooLarge(content.Length + part.Content.Length, maxBytes);
            }
            else
            {
                content.Write(part.Content.Span);
            }
        }

        return header is null
            ? throw IngestionErrors.UploadOutOfOrder("the upload ended without a header.")
            : header with { Content = content.GetBuffer().AsMemory(0, (int)content.Length) };
    }

    public void Dispose() => _uploads.Dispose();
}

/// <summary>Either a header (a submission without content) or a piece of content.</summary>
public sealed record UploadPart(DocumentSubmission? Header, ReadOnlyMemory<byte> Content);
