using Microsoft.Extensions.Options;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>For <see cref="RetrievalModule"/>.</summary>
internal static class QdrantStoreRegistration
{
    /// <summary>Whether the store is asked for, or named an address, so that collections may be moved to it.</summary>
    public static bool IsConfigured(IConfiguration configuration) =>
        configuration[$"{RetrievalOptions.Section}:{nameof(RetrievalOptions.Store)}"] == RetrievalOptions.QdrantStore
        || configuration.GetSection(QdrantOptions.Section).Exists()
        || QdrantOptionsSetup.ConnectionNames.Any(name => !string.IsNullOrWhiteSpace(configuration.GetConnectionString(name)));

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
