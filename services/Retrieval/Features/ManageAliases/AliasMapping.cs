using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.ManageAliases;

internal static class AliasMapping
{
    public static CollectionKey ToAlias(this SetAliasRequest request) => RequireAlias(request.Tenant, request.Alias);

    public static CollectionKey ToCollection(this SetAliasRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static CollectionKey ToAlias(this DeleteAliasRequest request) => RequireAlias(request.Tenant, request.Alias);

    private static CollectionKey RequireAlias(string tenant, string alias)
    {
        Tenant.Require(tenant);
        return Contracts.Names.IsCollection(alias) ? CollectionKey.Require(tenant, alias) : throw RetrievalErrors.AliasInvalid(alias);
    }
}
