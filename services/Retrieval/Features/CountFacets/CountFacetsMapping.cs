using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search.Filters;
using Proto = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Features.CountFacets;

internal static class CountFacetsMapping
{
    /// <exception cref="Grpc.Errors.ServiceException">Names the field that is wrong.</exception>
    public static CountFacetsCommand ToCommand(this CountFacetsRequest request)
    {
        var collection = CollectionKey.Require(request.Tenant, request.Collection);
        if (request.Fields.Count is 0 or > CountFacetsCommand.MaxFields)
        {
            throw RetrievalErrors.FacetsInvalid("fields", $"{request.Fields.Count} are named; name 1 to {CountFacetsCommand.MaxFields}.");
        }

        if (request.Fields.FirstOrDefault(field => field.Length is 0 or > FilterLimits.MaxFieldCharacters) is { } wrong)
        {
            throw RetrievalErrors.FacetsInvalid("fields", $"a field of {wrong.Length} characters is named; use 1 to {FilterLimits.MaxFieldCharacters}.");
        }

        if (request.MaxValues is < 0 or > CountFacetsCommand.MaxValuesLimit)
        {
            throw RetrievalErrors.FacetsInvalid("max_values", $"{request.MaxValues} is out of range; use 1 to {CountFacetsCommand.MaxValuesLimit}, or 0 for {CountFacetsCommand.DefaultValues}.");
        }

        return new CountFacetsCommand(
            collection, [.. request.Fields], request.Filter.ToFilter(), request.MaxValues == 0 ? CountFacetsCommand.DefaultValues : request.MaxValues);
    }

    public static CountFacetsResponse ToResponse(this FacetCounts counts) => new()
    {
        Facets =
        {
            counts.Facets.Select(facet => new Proto.Facet
            {
                Field = facet.Field,
                DistinctValues = facet.DistinctValues,
                Values = { facet.Values.Select(value => new Proto.FacetValue { Value = value.Value, DocumentCount = value.DocumentCount }) },
            }),
        },
        DocumentCount = counts.DocumentCount,
    };
}
