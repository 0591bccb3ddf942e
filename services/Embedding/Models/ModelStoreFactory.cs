namespace RagPlatform.Embedding.Models;

/// <summary>A store with the built-in catalog and the real fetchers, for the service and for whoever pulls without it.</summary>
public static class ModelStoreFactory
{
    public static readonly TimeSpan HubConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HubAnswerTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan NpmTimeout = TimeSpan.FromMinutes(10);

    /// <param name="directory">Holds one folder per model.</param>
    /// <param name="hub">Null leaves the hub out.</param>
    /// <param name="time">The clock.</param>
    public static ModelStore Create(string directory, Uri? hub, TimeProvider time)
    {
        List<IModelFetcher> fetchers = [new NpmFetcher("npm", NpmTimeout, time)];
        if (hub is not null)
        {
            fetchers.Add(new HubFetcher(CreateHttpClient(), hub, HubAnswerTimeout));
        }

        return new ModelStore(directory, ModelCatalog.BuiltIn, fetchers, time);
    }

    private static HttpClient CreateHttpClient() =>
        new(new SocketsHttpHandler { ConnectTimeout = HubConnectTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
}
