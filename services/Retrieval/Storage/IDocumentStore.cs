using RagPlatform.Search.InMemory;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage;

/// <summary>
/// Where collections live. A search sees exactly one version of each document; what is staged is durable but unseen.
/// Operations on documents wait until the store has opened; questions are refused until then.
/// </summary>
internal interface IDocumentStore
{
    bool IsReady { get; }

    /// <summary>Of all collections; zeros until ready.</summary>
    IndexSize Totals { get; }

    /// <summary>
    /// Keeps a batch, once, however often it comes, and makes its version the visible one as soon as all its batches
    /// are here. A version's first batch drops what is staged of lower ones: a document holds at most the version that is
    /// seen and one that is coming. The batch must have passed <see cref="Features.IndexChunks.BatchValidation"/>.
    /// </summary>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The collection's vectors are another model's, or the version's batches contradict each other. A version prepared again differently begins anew.</exception>
    Task<StageOutcome> StageAsync(CollectionKey collection, ChunksEmbedded batch, CancellationToken cancellationToken);

    /// <summary>Removes every chunk below <paramref name="version"/>, seen or staged, lets none come back, and reads back that none is left.</summary>
    /// <returns>False if a higher version is visible: there is nothing to report.</returns>
    Task<bool> RemoveAsync(CollectionKey collection, string documentId, long version, CancellationToken cancellationToken);

    /// <param name="model">That made the query's vector; null for a query without one.</param>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">Not ready, or the collection's model is another.</exception>
    Task<InMemoryResult<StoredChunk>> SearchAsync(CollectionKey collection, string? model, InMemoryQuery query, CancellationToken cancellationToken);

    /// <returns>Null if it does not exist.</returns>
    Task<CollectionDescription?> DescribeAsync(CollectionKey collection, CancellationToken cancellationToken);

    /// <summary>By name.</summary>
    Task<IReadOnlyList<CollectionDescription>> ListAsync(Tenant tenant, CancellationToken cancellationToken);
}

internal enum StageOutcome
{
    /// <summary>Kept; other batches of the version are still missing.</summary>
    Staged,

    /// <summary>The batch's version is what searches see, since now or since before.</summary>
    Visible,

    /// <summary>A higher version, seen or staged, or a deletion came first; nothing was kept.</summary>
    Superseded,
}

internal sealed record CollectionDescription(string Name, IndexSize Size, string Model, int Dimension);
