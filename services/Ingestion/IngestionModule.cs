using System.Net;
using MassTransit;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Clients;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Ingestion.Features.CheckConsistency;
using RagPlatform.Ingestion.Features.TrackBatch;
using RagPlatform.Ingestion.Features.CountDocuments;
using RagPlatform.Ingestion.Features.DeleteCollection;
using RagPlatform.Ingestion.Features.DeleteDocument;
using RagPlatform.Ingestion.Features.DropDocuments;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Features.ListDocuments;
using RagPlatform.Ingestion.Features.ListVersions;
using RagPlatform.Ingestion.Features.PauseIngestion;
using RagPlatform.Ingestion.Features.PreviewChunks;
using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Features.PublishEvents;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Features.ReadChunks;
using RagPlatform.Ingestion.Features.ReadPassages;
using RagPlatform.Ingestion.Features.RedriveDocuments;
using RagPlatform.Ingestion.Features.ManageRejectedDrops;
using RagPlatform.Ingestion.Features.ResumeUnfinished;
using RagPlatform.Ingestion.Features.Sources;
using RagPlatform.Ingestion.Features.StageContent;
using RagPlatform.Ingestion.Features.TrackProgress;
using RagPlatform.Ingestion.Features.UploadDocument;
using RagPlatform.Ingestion.Features.WatchDocument;
using RagPlatform.Ingestion.Features.WatchDocuments;
using RagPlatform.Ingestion.PublicQueue;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Sources;
using RagPlatform.Ingestion.Sources.Crawling;
using RagPlatform.Ingestion.Sources.Web;
using RagPlatform.Ingestion.Scheduling;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Ingestion;

/// <summary>The only place that registers anything of this service.</summary>
public static class IngestionModule
{
    public static WebApplicationBuilder AddIngestion(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<IngestionOptions>()
            .Configure(options => options.DataDirectory = builder.Configuration["Data:Directory"] ?? options.DataDirectory)
            .BindConfiguration(IngestionOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddReflected(IngestionService.Descriptor);
        services.AddServiceClient<EmbeddingService.EmbeddingServiceClient>("embedding");
        services.AddServiceClient<RetrievalService.RetrievalServiceClient>("retrieval");
        services.AddHealthChecks().AddCheck<RegistryHealthCheck>("registry");
        AddRegistry(services);

        services.AddSingleton<IngestionTelemetry>();
        services.AddSingleton<IDocumentPublisher, DocumentPublisher>();
        services.AddSingleton<DocumentAnnouncer>();
        services.AddSingleton<WorkInHand>();
        services.AddSingleton<LaneRests>();
        services.AddSingleton<LanePicker>();
        services.AddSingleton<TokenizerClient>();
        services.AddSingleton<CollectionModelClient>();
        services.AddSingleton<PutDocumentHandler>();
        services.AddSingleton<UploadDocumentHandler>();
        services.AddSingleton<StagedContents>();
        services.AddSingleton<StageContentHandler>();
        services.AddHostedService<SweepStagedContentService>();
        services.AddSingleton<GetDocumentHandler>();
        services.AddSingleton<ListDocumentsHandler>();
        services.AddSingleton<CountDocumentsHandler>();
        services.AddSingleton<DeleteDocumentHandler>();
        services.AddSingleton<DeleteCollectionHandler>();
        services.AddSingleton<WatchDocumentHandler>();
        services.AddSingleton<BatchesHandler>();
        services.AddSingleton<WatchBatchHandler>();
        services.AddSingleton<ListVersionsHandler>();
        services.AddSingleton<WatchDocumentsHandler>();
        services.AddSingleton<RedriveDocumentsHandler>();
        services.AddSingleton<PauseIngestionHandler>();
        services.AddSingleton<RejectedDropsHandler>();
        AddDrops(services);
        services.AddSingleton<ReadPassagesHandler>();
        services.AddSingleton<StoredDocuments>();
        services.AddSingleton<ReadChunksHandler>();
        services.AddSingleton<PreviewChunksHandler>();
        services.AddSingleton(WorkerCommand.OfThisProgram());
        services.AddSingleton<ExtractionPool>();
        services.AddSingleton<DocumentCutter>();
        services.AddSingleton<ProcessDocumentHandler>();
        services.AddSingleton<TrackProgressHandler>();
        services.AddSingleton<ResumeUnfinishedHandler>();
        services.AddHostedService<SchedulerService>();
        services.AddHostedService<PacerService>();
        services.AddHostedService<ResumeUnfinishedService>();
        AddConsistency(services);
        AddWebSources(services);
        return builder;
    }

    /// <summary>The contract with foreign AMQP clients: drops in, results out. Needs a broker, so only where there is one.</summary>
    public static WebApplicationBuilder AddIngestionPublicQueue(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<PublicBroker>();
        services.AddSingleton<DropDeadLetters>();
        services.AddHostedService<DropDocumentsService>();
        services.AddHostedService<PublishEventsService>();
        return builder;
    }

    public static WebApplication MapIngestion(this WebApplication app)
    {
        app.MapGrpcService<IngestionGrpcService>();
        app.MapGrpcService<SourceGrpcService>();
        return app;
    }

    public static void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<BatchesEmbeddedConsumer, BatchesEmbeddedConsumerDefinition>();
        bus.AddConsumer<IndexReportConsumer, IndexReportConsumerDefinition>();
        bus.AddConsumer<FaultConsumer, FaultConsumerDefinition>();
    }

    private static void AddConsistency(IServiceCollection services)
    {
        services.AddSingleton<DocumentStandings>();
        services.AddSingleton<IndexedDocumentsClient>();
        services.AddSingleton<DifferenceRepair>();
        services.AddSingleton<CheckConsistencyHandler>();
        services.AddHostedService<SweepService>();
    }

    /// <summary>Taking a drop, whatever it comes by: the queue, or a rejected one that is sent again.</summary>
    private static void AddDrops(IServiceCollection services)
    {
        services.AddSingleton(provider => new DropTenants(
            provider.GetRequiredService<IOptions<IngestionOptions>>().Value.DropQueueDefaultTenant, provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<DropParser>();
        services.AddSingleton<DropDocumentsHandler>();
    }

    private static void AddWebSources(IServiceCollection services)
    {
        services.AddOptions<WebSourceOptions>().BindConfiguration(WebSourceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddReflected(SourceService.Descriptor);
        services.AddSingleton<SourceDatabase>();
        services.AddSingleton<SourceStore>();
        services.AddSingleton<PageStore>();
        services.AddSingleton<SourceRules>();
        services.AddSingleton<SourcesHandler>();
        services.AddSingleton<WebAddressRules>();
        services.AddSingleton(provider => new GuardedConnector(provider.GetRequiredService<WebAddressRules>(), Dns.GetHostAddressesAsync));
        services.AddSingleton<HostTurns>();
        services.AddSingleton<WebFetcher>();
        services.AddSingleton<PageCrawl>();
        services.AddSingleton<SourceCrawl>();
        services.AddSingleton<CrawlService>();
        services.AddHostedService(provider => provider.GetRequiredService<CrawlService>());
    }

    private static void AddRegistry(IServiceCollection services)
    {
        services.AddSingleton<DocumentChanges>();
        services.AddSingleton<RegistryDatabase>();
        services.AddSingleton<DocumentWriter>();
        services.AddSingleton<DocumentCatalog>();
        services.AddSingleton<DocumentLog>();
        services.AddSingleton<BatchCatalog>();
        services.AddSingleton<IngestionPauses>();
        services.AddSingleton<RejectedDrops>();
        services.AddSingleton<StoredTexts>();
        services.AddSingleton<StoredOutlines>();
        services.AddSingleton<VersionProgress>();
        services.AddSingleton<VersionOutcome>();
        services.AddSingleton<VersionQueue>();
        services.AddSingleton<UnfinishedDeletions>();
    }
}
