using MassTransit;
using RagPlatform.Contracts.Retrieval;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Clients;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.BuildIndex;
using RagPlatform.Retrieval.Features.CountFacets;
using RagPlatform.Retrieval.Features.CreateCollection;
using RagPlatform.Retrieval.Features.DeleteCollection;
using RagPlatform.Retrieval.Features.DeleteDocument;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Features.IndexChunks;
using RagPlatform.Retrieval.Features.ListCollections;
using RagPlatform.Retrieval.Features.ListIndexedDocuments;
using RagPlatform.Retrieval.Features.ManageAliases;
using RagPlatform.Retrieval.Features.RepairDocuments;
using RagPlatform.Retrieval.Features.Search;
using RagPlatform.Retrieval.Features.SnapshotCollection;
using RagPlatform.Retrieval.Features.UpdateCollection;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Retrieval.Storage.EmbeddedStore;
using RagPlatform.Retrieval.Storage.QdrantStore;
using RagPlatform.ServiceDefaults;
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
        services.AddServiceClient<IngestionService.IngestionServiceClient>("ingestion");
        AddStorage(builder);
        AddFeatures(services);
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

    private static void AddStorage(WebApplicationBuilder builder)
    {
        var (services, dataDirectory) = (builder.Services, builder.Configuration["Data:Directory"] ?? "data");
        services.AddSingleton(_ => CatalogueDatabase.Open(dataDirectory, Durability.Full));
        services.AddSingleton<Collections>().AddSingleton<VectorStores>().AddSingleton<Indexes>().AddSingleton<DocumentWriter>().AddSingleton<StoreOpening>();
        services.AddSingleton(provider => new IndexFolders(Path.Combine(dataDirectory, "retrieval", "indexes"), provider.GetRequiredService<ILogger<IndexFolders>>()));
        services.AddSingleton<EmbeddedVectorStore>().AddSingleton<IVectorStore>(provider => provider.GetRequiredService<EmbeddedVectorStore>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<FormerDatabase>(provider, Path.Combine(dataDirectory, "retrieval", "retrieval.db")));
        services.AddSingleton(_ => new SnapshotFolders(Path.Combine(dataDirectory, "retrieval", "snapshots")));
        services.AddHostedService<StoreOpener>().AddHostedService<IndexReopener>();
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("retrieval-index");

        if (QdrantStoreRegistration.IsConfigured(builder.Configuration))
        {
            services.AddQdrantStore().AddSingleton<IVectorStore>(provider => provider.GetRequiredService<QdrantVectorStore>());
        }
    }

    private static void AddFeatures(IServiceCollection services)
    {
        services.AddSingleton<SearchHandler>().AddSingleton<QueryEmbeddingClient>().AddSingleton<RerankClient>().AddSingleton<CountFacetsHandler>();
        services.AddSingleton<IndexChunksHandler>().AddSingleton<DeleteDocumentHandler>();
        services.AddReports<DocumentIndexed, DocumentsIndexed>(documents => new DocumentsIndexed(documents));
        services.AddHostedService<LostDocumentsPublisher>();
        services.AddSingleton<DescribeCollectionHandler>().AddSingleton<ListCollectionsHandler>().AddSingleton<CreateCollectionHandler>()
            .AddSingleton<UpdateCollectionHandler>().AddSingleton<DeleteCollectionHandler>().AddSingleton<AliasHandler>()
            .AddSingleton<SnapshotCollectionHandler>().AddSingleton<RestoreCollectionHandler>()
            .AddSingleton<ListIndexedDocumentsHandler>();
        services.AddSingleton<StartBuildHandler>().AddSingleton<WatchBuildHandler>().AddSingleton<CancelBuildHandler>().AddSingleton<BuildBoard>()
            .AddSingleton<IndexBuilding>().AddSingleton<DocumentCopying>().AddSingleton<BuildVerification>().AddSingleton<ChunkReadingClient>()
            .AddSingleton<PassageEmbeddingClient>().AddSingleton<DocumentEmbedding>().AddSingleton<DependencyPatience>().AddSingleton<ModelPatience>();
        services.AddHostedService<BuildWorker>();
    }
}
