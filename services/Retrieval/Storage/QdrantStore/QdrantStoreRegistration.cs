using Microsoft.Extensions.Options;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>For <see cref="RetrievalModule"/>, where Retrieval:Store is "qdrant".</summary>
internal static class QdrantStoreRegistration
{
    public static IServiceCollection AddQdrantStore(this IServiceCollection services)
    {
        services.AddOptions<QdrantOptions>().BindConfiguration(QdrantOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<QdrantOptionsSetup>();
        services.AddSingleton<IPostConfigureOptions<QdrantOptions>>(provider => provider.GetRequiredService<QdrantOptionsSetup>());
        services.AddSingleton<IValidateOptions<QdrantOptions>>(provider => provider.GetRequiredService<QdrantOptionsSetup>());
        services.AddHttpClient(QdrantConnection.HttpClientName, client =>
            {
                // Each try has a limit of its own.
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = QdrantConnection.MaxResponseBytes;
            })
            // A redirect would take the API key to another host.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        services.AddSingleton<QdrantConnection>().AddSingleton<QdrantClient>().AddSingleton<QdrantVectorStore>();
        return services;
    }
}
