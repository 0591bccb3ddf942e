using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>The tenant's collections, by name.</summary>
    public async Task<IReadOnlyList<Collection>> ListCollectionsAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(options => _gateway.ListCollectionsAsync(new V1.ListCollectionsRequest(), options), cancellationToken).ConfigureAwait(false);
        return [.. response.Collections.Select(collection => collection.ToCollection())];
    }

    /// <summary>A collection, by its name or an alias; "default" when empty.</summary>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task<Collection> DescribeCollectionAsync(string collection = "", CancellationToken cancellationToken = default)
    {
        var request = new V1.DescribeCollectionRequest { Collection = collection };
        var response = await CallAsync(options => _gateway.DescribeCollectionAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Collection.ToCollection();
    }

    /// <summary>Makes an empty collection. Collections also come into being with their first document; making one first sets its store, model and settings.</summary>
    /// <param name="collection">1 to 63 of a-z, 0-9, "_" and "-".</param>
    /// <param name="settings">What it is searched with; the defaults when null.</param>
    /// <param name="store">"embedded" or "qdrant"; the platform's default when empty.</param>
    /// <param name="model">That embeds its documents, and is on the platform; the platform's default, fixed by the first document, when empty.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RagException">AlreadyExists; NotFound or FailedPrecondition when the model cannot embed.</exception>
    public async Task<Collection> CreateCollectionAsync(
        string collection, CollectionSettings? settings = null, string store = "", string model = "", CancellationToken cancellationToken = default)
    {
        var request = new V1.CreateCollectionRequest { Collection = collection, Store = store, EmbeddingModel = model, Settings = settings?.ToRequest() };
        var response = await CallAsync(options => _gateway.CreateCollectionAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Collection.ToCollection();
    }

    /// <summary>Replaces what a collection is searched with.</summary>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task<Collection> UpdateCollectionAsync(string collection, CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var request = new V1.UpdateCollectionRequest { Collection = collection, Settings = settings.ToRequest() };
        var response = await CallAsync(options => _gateway.UpdateCollectionAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Collection.ToCollection();
    }

    /// <summary>Removes a collection with its index, settings, aliases and every document. Takes as long as the platform allows.</summary>
    /// <returns>How many documents are being deleted.</returns>
    /// <exception cref="RagException">NotFound when there is none; FailedPrecondition when it is an alias.</exception>
    public async Task<long> DeleteCollectionAsync(string collection, CancellationToken cancellationToken = default)
    {
        var request = new V1.DeleteCollectionRequest { Collection = collection };
        var response = await LongCallAsync(options => _gateway.DeleteCollectionAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.DocumentCount;
    }

    /// <summary>Gives a collection another name to be searched by; a former target is replaced in the same step.</summary>
    /// <returns>The former target; null when the alias is new.</returns>
    public async Task<string?> SetAliasAsync(string alias, string collection, CancellationToken cancellationToken = default)
    {
        var request = new V1.SetAliasRequest { Alias = alias, Collection = collection };
        var response = await CallAsync(options => _gateway.SetAliasAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.FormerCollection.Length > 0 ? response.FormerCollection : null;
    }

    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task DeleteAliasAsync(string alias, CancellationToken cancellationToken = default)
    {
        var request = new V1.DeleteAliasRequest { Alias = alias };
        await CallAsync(options => _gateway.DeleteAliasAsync(request, options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Copies a collection's index to where the platform keeps snapshots. Takes as long as the platform allows.</summary>
    public async Task<CollectionSnapshot> SnapshotCollectionAsync(string collection = "", CancellationToken cancellationToken = default)
    {
        var request = new V1.SnapshotCollectionRequest { Collection = collection };
        var response = await LongCallAsync(options => _gateway.SnapshotCollectionAsync(request, options), cancellationToken).ConfigureAwait(false);
        return new CollectionSnapshot(response.Snapshot, response.Bytes);
    }

    /// <summary>Makes a collection from a snapshot. Takes as long as the platform allows.</summary>
    /// <param name="snapshot">Its name.</param>
    /// <param name="collection">That must not exist; the snapshot's own name when empty.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Collection> RestoreCollectionAsync(string snapshot, string collection = "", CancellationToken cancellationToken = default)
    {
        var request = new V1.RestoreCollectionRequest { Snapshot = snapshot, Collection = collection };
        var response = await LongCallAsync(options => _gateway.RestoreCollectionAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Collection.ToCollection();
    }
}
