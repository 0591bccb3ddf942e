using MassTransit;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Clients;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.DeleteDocument;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Features.IndexChunks;
using RagPlatform.Retrieval.Features.ListCollections;
using RagPlatform.Retrieval.Features.Search;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.EmbeddedStore;
using RagPlatform.State;

namespace RagPlatform.Retrieval;

/// <summary>The indexes, as a module: its own process or one of several in Standalone.</summary>
public static class RetrievalModule
{
    public static WebApplicationBuilder AddRetrieval(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<RetrievalOptions>().BindConfiguration(RetrievalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RetrievalTelemetry>();
        services.AddServiceClient<EmbeddingService.EmbeddingServiceClient>("embedding");

        var path = Path.Combine(builder.Configuration["Data:Directory"] ?? "data", "retrieval", "retrieval.db");
        services.AddSingleton(provider => new EmbeddedVectorStore(
            new SqliteDatabase(path, EmbeddedStoreSchema.Migrations, Durability.Full),
            provider.GetRequiredService<IOptions<RetrievalOptions>>().Value,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDocumentStore>(provider => provider.GetRequiredService<EmbeddedVectorStore>());
        services.AddHostedService<EmbeddedStoreOpener>();
        services.AddHealthChecks().AddCheck<EmbeddedStoreHealthCheck>("retrieval-index");

        services.AddSingleton<SearchHandler>().AddSingleton<QueryEmbeddingClient>().AddSingleton<IndexChunksHandler>().AddSingleton<DeleteDocumentHandler>()
            .AddSingleton<DescribeCollectionHandler>().AddSingleton<ListCollectionsHandler>();
        services.AddReflected(RetrievalService.Descriptor);
        return builder;
    }

    public static void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<IndexChunksConsumer, IndexChunksConsumerDefinition>();
        bus.AddConsumer<DeleteDocumentConsumer, DeleteDocumentConsumerDefinition>();
    }

    public static WebApplication MapRetrieval(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Services.GetRequiredService<RetrievalTelemetry>();
        app.MapGrpcService<RetrievalGrpcService>();
        return app;
    }
}
