using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Features.CountFacets;

/// <param name="Fields">1 to <see cref="MaxFields"/>, different ones.</param>
/// <param name="MaxValues">Per field, 1 to <see cref="MaxValuesLimit"/>.</param>
internal sealed record CountFacetsCommand(CollectionKey Collection, IReadOnlyList<string> Fields, Filter? Filter, int MaxValues)
{
    public const int MaxFields = 16;
    public const int MaxValuesLimit = 1000;
    public const int DefaultValues = 20;
}

/// <summary>Counts documents by the values of metadata fields. A collection that is not there has none.</summary>
internal sealed class CountFacetsHandler(Collections collections, VectorStores stores)
{
    public async Task<FacetCounts> HandleAsync(CountFacetsCommand command, CancellationToken cancellationToken)
    {
        var index = collections.Find(command.Collection)?.Index;
        try
        {
            return await CountAsync(command, index, cancellationToken);
        }
        catch (ServiceException) when (collections.Find(command.Collection)?.Index is { } other && other != index)
        {
            // A second index took the place of the first meanwhile.
            return await CountAsync(command, other, cancellationToken);
        }
    }

    private async Task<FacetCounts> CountAsync(CountFacetsCommand command, ActiveIndex? index, CancellationToken cancellationToken) =>
        index is not null
            ? await stores[index.Store].CountFacetsAsync(index.Key, command.Fields, command.Filter, command.MaxValues, cancellationToken)
            : new FacetCounts([.. command.Fields.Select(field => new RagPlatform.Search.Facet(field, [], 0))], 0);
}
