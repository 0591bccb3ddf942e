using Grpc.AspNetCore.Server;
using Microsoft.Extensions.Options;
using RagPlatform.Gateway.Access;
using RagPlatform.Gateway.Calls;
using RagPlatform.Gateway.Features.DistillModel;
using RagPlatform.Gateway.Features.GetStatus;
using RagPlatform.Gateway.Features.ListModels;
using RagPlatform.Gateway.Features.ManageCollection;
using RagPlatform.Gateway.Features.RemoveModel;
using RagPlatform.Gateway.Features.Search;
using RagPlatform.Gateway.Features.ShowModel;
using RagPlatform.Gateway.Features.StageContent;
using RagPlatform.Gateway.Features.UploadDocument;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Clients;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Generation.V1;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Gateway;

/// <summary>The public API, as a module: its own process or one of several in Standalone.</summary>
public static class GatewayModule
{
    /// <summary>The services behind the gateway, as Aspire knows them.</summary>
    internal static readonly string[] Dependencies = ["ingestion", "embedding", "retrieval", "generation", "finetune-jobs"];

    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.AddSingleton<GatewayTelemetry>().AddSingleton<ApiKeys>().AddSingleton<CallLimits>();
        services.AddHostedService<KeylessWarning>();
        services.AddServiceClient<IngestionService.IngestionServiceClient>("ingestion");
        services.AddServiceClient<SourceService.SourceServiceClient>("ingestion");
        services.AddServiceClient<EmbeddingService.EmbeddingServiceClient>("embedding");
        services.AddServiceClient<RetrievalService.RetrievalServiceClient>("retrieval");
        services.AddServiceClient<GenerationService.GenerationServiceClient>("generation");
        services.AddServiceClient<FineTuneJobsService.FineTuneJobsServiceClient>("finetune-jobs");
        foreach (var dependency in Dependencies)
        {
            services.AddServiceHealthClient(dependency);
        }

        services.AddTransient<UploadDocumentClient>().AddTransient<StageContentClient>().AddTransient<SearchClient>().AddTransient<DeleteCollectionClient>().AddTransient<ListModelsClient>().AddTransient<DistillModelClient>().AddTransient<ShowModelClient>().AddTransient<RemoveModelClient>().AddTransient<GetStatusClient>();
        // Of this service alone: where modules share a process, the others have no callers with keys.
        services.Configure<GrpcServiceOptions<GatewayGrpcService>>(options => options.Interceptors.Add<CallInterceptor>());
        services.Configure<GrpcServiceOptions<FineTuneGrpcService>>(options => options.Interceptors.Add<CallInterceptor>());
        services.AddReflected(GatewayService.Descriptor);
        services.AddReflected(FineTuneService.Descriptor);
        return builder;
    }

    public static WebApplication MapGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<GatewayGrpcService>().WithMetadata(new PublicEndpoint());
        app.MapGrpcService<FineTuneGrpcService>().WithMetadata(new PublicEndpoint());
        return app;
    }
}
