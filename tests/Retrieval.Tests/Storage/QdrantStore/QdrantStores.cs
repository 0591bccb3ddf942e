using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Retrieval.Storage.QdrantStore;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

/// <summary>Makes stores as the service does, from settings.</summary>
internal static class QdrantStores
{
    /// <param name="settings">Below Retrieval:Qdrant.</param>
    public static QdrantVectorStore Create(Uri address, params (string Key, string Value)[] settings) =>
        Services([("Retrieval:Qdrant:Url", address.ToString()), ("Retrieval:Qdrant:RetryDelayMilliseconds", "1"), .. settings.Select(setting => ($"Retrieval:Qdrant:{setting.Key}", setting.Value))])
            .GetRequiredService<QdrantVectorStore>();

    public static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddLogging()
            .AddQdrantStore()
            .BuildServiceProvider();
    }
}
