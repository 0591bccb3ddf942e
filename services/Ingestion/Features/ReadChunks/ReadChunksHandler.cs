using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ReadChunks;

/// <summary>
/// Cuts a version again by the present settings and a model's tokens, without changing anything. Its structure is read
/// from its content once more; the text must come out as it is stored, for that is what chunks are quoted from.
/// </summary>
public sealed class ReadChunksHandler(DocumentCatalog catalog, StoredTexts texts, TokenizerClient tokenizers, ExtractionPool extraction, DocumentCutter cutter, IOptions<IngestionOptions> options) : IDisposable
{
    /// <summary>Each holds a document's content, text and blocks; further ones wait.</summary>
    private readonly SemaphoreSlim _places = new(options.Value.ProcessConcurrency);

    /// <param name="request">Which version, by whose tokens.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="Grpc.Errors.ServiceException">
    /// NotFound: the document, the version, or its content is not there. FailedPrecondition: it no longer gives the stored text. InvalidArgument.
    /// </exception>
    public async IAsyncEnumerable<ChunksPrepared> ReadAsync(ChunksRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = GetDocumentHandler.Key(request.Tenant, request.Collection, request.DocumentId);
        var version = catalog.Find(key, request.Version) ?? throw IngestionErrors.VersionNotFound(key.DocumentId, request.Version);
        var tokenizer = await tokenizers.GetAsync(request.Model.Length > 0 ? request.Model : options.Value.EmbeddingModel, cancellationToken);
        await _places.WaitAsync(cancellationToken);
        IReadOnlyList<ChunksPrepared> batches;
        try
        {
            var stored = texts.ReadSource(key, request.Version) ?? throw IngestionErrors.VersionNotFound(key.DocumentId, request.Version);
            batches = cutter.Cut(version, await ExtractAsync(version, stored, cancellationToken), tokenizer);
        }
        finally
        {
            _places.Release();
        }

        foreach (var batch in batches)
        {
            yield return batch;
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<ExtractedDocument> ExtractAsync(DocumentVersion version, StoredSource stored, CancellationToken cancellationToken)
    {
        try
        {
            var document = await extraction.ExtractAsync(new DocumentSource(stored.Content, version.ContentType, version.Uri), cancellationToken);
            return document.Text == stored.Text ? document : throw IngestionErrors.TextChanged(version, "its text comes out otherwise than it is stored");
        }
        catch (ExtractionException exception)
        {
            throw IngestionErrors.TextChanged(version, exception.Message);
        }
    }
}

/// <param name="Model">Whose tokens count; that of the settings when empty.</param>
public sealed record ChunksRequest(string Tenant, string Collection, string DocumentId, long Version, string Model);
