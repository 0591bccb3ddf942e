using Microsoft.Extensions.Options;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.CreateCollection;

/// <param name="Store">The service's default when empty.</param>
/// <param name="Model">That of the first document when empty.</param>
internal sealed record CreateCollectionCommand(CollectionKey Collection, string Store, string Model, SearchDefaults Defaults);

/// <summary>A collection with its store, model and settings before its first document.</summary>
internal sealed class CreateCollectionHandler(
    Collections collections, CatalogueDatabase catalogue, VectorStores stores, Indexes indexes, PassageEmbeddingClient embedding, DescribeCollectionHandler describe,
    IOptions<RetrievalOptions> options)
{
    /// <exception cref="Grpc.Errors.ServiceException">The name is taken, there is no such store, or the model cannot embed.</exception>
    public async Task<CollectionDescription> HandleAsync(CreateCollectionCommand command, CancellationToken cancellationToken)
    {
        stores.RequireKnown(command.Store);
        var created = new CollectionState(command.Collection, command.Store.Length == 0 ? options.Value.Store : command.Store, command.Defaults, Index: null, default);
        var settings = command.Model.Length == 0 ? null : await embedding.FindSettingsAsync(command.Model, cancellationToken);
        if (settings is not null)
        {
            await stores.WaitUntilOpenAsync(created.Store, cancellationToken);
        }

        using var held = await collections.HoldAsync(command.Collection, cancellationToken);
        if (held.Current is not null || collections.TargetOf(command.Collection) is not null)
        {
            throw RetrievalErrors.CollectionExists(command.Collection.Name, held.Current is null ? "an alias" : "a collection");
        }

        if (settings is null)
        {
            await catalogue.WriteAsync(session => CollectionTable.Save(session, created.Key, created.Store, created.Defaults), cancellationToken);
            held.Current = created;
        }
        else
        {
            await BeginAsync(held, created, settings, cancellationToken);
        }

        return await describe.DescribeAsync(held.Current!, cancellationToken);
    }

    /// <summary>With an index at once, or not at all.</summary>
    private async Task BeginAsync(Collections.Held held, CollectionState created, IndexSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            await indexes.BeginAsync(held, created, settings, cancellationToken);
        }
        catch
        {
            await catalogue.WriteAsync(session => CollectionTable.Delete(session, created.Key), CancellationToken.None);
            await indexes.DropUnusedAsync(CancellationToken.None);
            throw;
        }
    }
}
