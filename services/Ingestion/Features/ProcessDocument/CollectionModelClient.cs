using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>
/// For which model a collection's documents are prepared, its index's, and how they are cut: the retrieval service knows both.
/// Remembered for a moment: what a change of the model finds prepared for the former one is embedded again over there.
/// </summary>
public sealed class CollectionModelClient(RetrievalService.RetrievalServiceClient retrieval, IOptions<IngestionOptions> options, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private const int MaxRemembered = 1000;

    private readonly ConcurrentDictionary<(string Tenant, string Collection), (CollectionModel Model, DateTimeOffset Until)> _remembered = new();

    /// <exception cref="ServiceException">The retrieval service is down.</exception>
    public async Task<CollectionModel> FindAsync(DocumentKey document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var (key, now) = ((document.Tenant, document.Collection), time.GetUtcNow());
        if (_remembered.TryGetValue(key, out var known) && now < known.Until)
        {
            return known.Model;
        }

        var request = new GetCollectionModelRequest { Tenant = document.Tenant, Collection = document.Collection };
        var response = await retrieval.GetCollectionModelAsync(request, cancellationToken: cancellationToken);
        if (_remembered.Count >= MaxRemembered)
        {
            _remembered.Clear();
        }

        var model = new CollectionModel(response.Model.Length > 0 ? response.Model : options.Value.EmbeddingModel, response.Chunking.ToChunking());
        _remembered[key] = (model, now + Lifetime);
        return model;
    }
}

/// <param name="Model">Empty for the embedding service's default.</param>
/// <param name="Chunking">The collection's settings.</param>
public sealed record CollectionModel(string Model, CollectionChunking Chunking);
