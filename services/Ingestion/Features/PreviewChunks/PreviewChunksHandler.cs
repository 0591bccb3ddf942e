using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Features.ReadChunks;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.PreviewChunks;

/// <summary>How a document would be cut, or a stored one would be cut now. Nothing is kept of it.</summary>
public sealed class PreviewChunksHandler(
    CollectionModelClient models, TokenizerClient tokenizers, ExtractionPool extraction, DocumentCatalog catalog, StoredDocuments documents, DocumentCutter cutter,
    IOptions<IngestionOptions> options) : IDisposable
{
    public const int MaxContentBytes = 2 * 1024 * 1024;

    /// <summary>A small archive may hold a large text.</summary>
    public const int MaxTextCharacters = 4 * 1024 * 1024;

    /// <summary>Each holds a document; further ones wait.</summary>
    private readonly SemaphoreSlim _places = new(options.Value.ProcessConcurrency);

    /// <exception cref="Grpc.Errors.ServiceException">
    /// InvalidArgument: the content cannot be read, or is too large; names the field, its value and the limit. NotFound: the stored document.
    /// Unavailable: the retrieval service cannot say which model the collection has, or the embedding service how it counts.
    /// </exception>
    public async Task<ChunksPreview> PreviewAsync(PreviewRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = new DocumentKey(SubmissionRules.CheckTenant(request.Tenant), SubmissionRules.CheckCollection(request.Collection), request.DocumentId);
        await _places.WaitAsync(cancellationToken);
        try
        {
            var (document, contentType) = request.DocumentId.Length > 0
                ? await StoredAsync(key, request, cancellationToken)
                : await ExtractAsync(request, cancellationToken);
            if (document.Text.Length > MaxTextCharacters)
            {
                throw IngestionErrors.Invalid("content", $"it gives {document.Text.Length} characters of text; the limit of a preview is {MaxTextCharacters}.", "Preview a part of it.");
            }

            var collection = await models.FindAsync(key, cancellationToken);
            var plan = new ChunkingPlan(await tokenizers.GetAsync(collection.Model, cancellationToken), request.Chunking ?? collection.Chunking);
            var sizes = cutter.SizesOf(plan);
            return new ChunksPreview(document, contentType, plan.Tokenizer.Model, sizes, DocumentCutter.HashOf(plan.Tokenizer, sizes), new Chunker(sizes, plan.Tokenizer.Count).Chunk(document));
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<(ExtractedDocument Document, string ContentType)> StoredAsync(DocumentKey key, PreviewRequest request, CancellationToken cancellationToken)
    {
        SubmissionRules.CheckId(key.DocumentId);
        if (!request.Content.IsEmpty)
        {
            throw IngestionErrors.Invalid("content", $"{request.Content.Length} bytes are given beside document_id.", "Give the one or the other.");
        }

        var version = (request.Version == 0 ? catalog.Find(key) : catalog.Find(key, request.Version)) ?? throw IngestionErrors.DocumentNotFound(key.Collection, key.DocumentId);
        return await documents.ReadAsync(version, cancellationToken) is { } stored
            ? (stored.Document, version.ContentType)
            : throw IngestionErrors.VersionNotFound(key.DocumentId, version.Version);
    }

    private async Task<(ExtractedDocument Document, string ContentType)> ExtractAsync(PreviewRequest request, CancellationToken cancellationToken)
    {
        if (request.Content.Length is 0 or > MaxContentBytes)
        {
            throw IngestionErrors.Invalid("content", $"it has {request.Content.Length} bytes; 1 to {MaxContentBytes} are allowed.", "Preview a part of it, or put it and preview it by its id.");
        }

        try
        {
            var source = DocumentExtractor.Detect(request.Content, request.ContentType, SubmissionRules.CheckUri(request.Uri));
            return (await extraction.ExtractAsync(source, cancellationToken), source.ContentType);
        }
        catch (ExtractionException exception)
        {
            throw IngestionErrors.NotReadable(exception);
        }
    }
}

/// <param name="Chunking">In place of the collection's; null for that.</param>
/// <param name="DocumentId">A stored document in place of the content; empty for none.</param>
/// <param name="Version">Of it; 0 for the latest.</param>
public sealed record PreviewRequest(
    string Tenant, string Collection, string Uri, string ContentType, ReadOnlyMemory<byte> Content, CollectionChunking? Chunking, string DocumentId, long Version);

/// <param name="ContentType">As it was read.</param>
/// <param name="Model">Whose tokens count.</param>
/// <param name="Sizes">What the settings come to with that model.</param>
/// <param name="ChunkingHash">As a collection's description shows it.</param>
public sealed record ChunksPreview(ExtractedDocument Document, string ContentType, string Model, ChunkingOptions Sizes, string ChunkingHash, IReadOnlyList<Chunk> Chunks);
