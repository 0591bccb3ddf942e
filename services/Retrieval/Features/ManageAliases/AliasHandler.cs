using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.ManageAliases;

/// <summary>Other names to search collections by: one points to one collection at a time, and is turned in one step.</summary>
internal sealed class AliasHandler(Collections collections, CatalogueDatabase catalogue)
{
    /// <returns>The collection that the alias pointed to; null if it is new.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">The alias is a collection's name, or there is no such collection.</exception>
    public async Task<CollectionKey?> SetAsync(CollectionKey alias, CollectionKey collection, CancellationToken cancellationToken)
    {
        await collections.WaitUntilLoadedAsync(cancellationToken);
        collections.RequireOwn(collection);
        using var held = await collections.HoldAsync(alias, cancellationToken);
        if (held.Current is not null)
        {
            throw RetrievalErrors.AliasIsCollection(alias.Name);
        }

        var former = collections.TargetOf(alias);
        if (!await catalogue.WriteAsync(session => AliasTable.Set(session, alias, collection), cancellationToken))
        {
            throw RetrievalErrors.CollectionNotFound(collection.Name);
        }

        collections.SetAlias(alias, collection);
        if (collections.FindOwn(collection) is null)
        {
            // Deleted in between, with the aliases that it then had.
            collections.DeleteAliasesOf(collection);
            throw RetrievalErrors.CollectionNotFound(collection.Name);
        }

        return former;
    }

    /// <exception cref="Grpc.Errors.ServiceException">There is no such alias.</exception>
    public async Task DeleteAsync(CollectionKey alias, CancellationToken cancellationToken)
    {
        await collections.WaitUntilLoadedAsync(cancellationToken);
        if (collections.TargetOf(alias) is null)
        {
            throw RetrievalErrors.AliasNotFound(alias.Name);
        }

        using var held = await collections.HoldAsync(alias, cancellationToken);
        if (!await catalogue.WriteAsync(session => AliasTable.Delete(session, alias), cancellationToken))
        {
            throw RetrievalErrors.AliasNotFound(alias.Name);
        }

        collections.DeleteAlias(alias);
    }
}
