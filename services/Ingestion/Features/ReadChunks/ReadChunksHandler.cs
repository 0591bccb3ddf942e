using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ReadChunks;

/// <summary>
/// Cuts a version again by a model's tokens and a collection's settings, from its stored text and structure. Nothing
/// changes with it but, where the cut is there to stay, what quotes are widened to.
/// </summary>
public sealed class ReadChunksHandler(
    DocumentCatalog catalog, StoredDocuments documents, StoredOutlines outlines, TokenizerClient tokenizers, DocumentCutter cutter, IOptions<IngestionOptions> options) : IDisposable
{
    /// <summary>Each holds a document's text and blocks; further ones wait.</summary>
    private readonly SemaphoreSlim _places = new(options.Value.ProcessConcurrency);

    /// <param name="request">Which version, by whose tokens and which settings.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="Grpc.Errors.ServiceException">NotFound: the document, the version, or its text is not there. InvalidArgument.</exception>
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
            batches = await CutAsync(request, version, tokenizer, cancellationToken);
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

    private async Task<IReadOnlyList<ChunksPrepared>> CutAsync(
        ChunksRequest request, DocumentVersion version, EmbeddingTokenizer tokenizer, CancellationToken cancellationToken)
    {
        var (document, kept) = await documents.ReadAsync(version, cancellationToken) ?? throw IngestionErrors.VersionNotFound(version.Key.DocumentId, version.Version);
        var (batches, parents) = cutter.Cut(version, document, new ChunkingPlan(tokenizer, request.Chunking));
        if (request.KeepParents && !parents.SequenceEqual(kept))
        {
            await outlines.RecordParentsAsync(version.Key, version.Version, parents, cancellationToken);
        }

        return batches;
    }
}

/// <param name="Model">Whose tokens count; that of the settings when empty.</param>
/// <param name="Chunking">The collection's, or another.</param>
/// <param name="KeepParents">Quotes are widened to the parents of this cut from now on.</param>
public sealed record ChunksRequest(string Tenant, string Collection, string DocumentId, long Version, string Model, CollectionChunking Chunking, bool KeepParents);
