using MassTransit;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Embedding.Cache;
using RagPlatform.Embedding.Features.DistillModel;
using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Features.EmbedChunks;
using RagPlatform.Embedding.Features.EmbedStream;
using RagPlatform.Embedding.Features.GetTokenizer;
using RagPlatform.Embedding.Features.ListModels;
using RagPlatform.Embedding.Features.PullModel;
using RagPlatform.Embedding.Features.RemoveModel;
using RagPlatform.Embedding.Features.Rerank;
using RagPlatform.Embedding.Features.ShowModel;
using RagPlatform.Embedding.Features.VerifyModel;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Providers;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.ServiceDefaults;

namespace RagPlatform.Embedding;

/// <summary>Turns text into vectors. The only place that registers anything of this service.</summary>
public static class EmbeddingModule
{
    public static WebApplicationBuilder AddEmbedding(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<EmbeddingOptions>()
            .Bind(builder.Configuration.GetSection(EmbeddingOptions.Section))
            .Configure(options =>
            {
                var data = builder.Configuration["Data:Directory"] ?? "data";
                options.ModelsDirectory = options.ModelsDirectory.Length > 0 ? options.ModelsDirectory : Path.Combine(data, "models");
                options.CacheDirectory = options.CacheDirectory.Length > 0 ? options.CacheDirectory : Path.Combine(data, "embedding");
                options.HubToken = options.HubToken.Length > 0 ? options.HubToken : builder.Configuration["HF_TOKEN"] ?? "";
            })
            .Validate(options => !options.HubToken.Any(character => character is <= ' ' or > '~'), "Embedding:HubToken (or HF_TOKEN) has white space or a character beyond ASCII in it; a token has none.")
            .ValidateDataAnnotations()
            .Validate(EmbeddingOptions.HasValidHub, "Embedding:HubAddress is no http or https address without user name and query. Give one, or leave it empty to skip the hub.")
            .ValidateOnStart();

        services.AddSingleton(provider => ModelStoreFactory.Create(
            new ModelStoreSettings(Options(provider).ModelsDirectory, Options(provider).Hub, Options(provider).HubToken, Options(provider).AllowFolders),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<ModelSources>().Store);
        services.AddSingleton(provider => provider.GetRequiredService<ModelSources>().Pinning);
        services.AddSingleton<ModelPulls>();
        services.AddSingleton<LoadModel>(provider => (folder, cancellationToken) => ModelWarmUp.LoadWarm(folder, Options(provider), cancellationToken));
        services.AddSingleton<ModelHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelHost>());
        services.AddSingleton<ModelQueues>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelQueues>());
        services.AddSingleton<IValidateOptions<EmbeddingOptions>, ProviderOptionsValidation>();
        services.AddSingleton<RemoteModels>();
        services.AddSingleton<EmbeddingModels>();
        services.AddSingleton<VectorCache>();
        services.AddHostedService(provider => provider.GetRequiredService<VectorCache>());
        services.AddSingleton<RememberingEmbedder>();

        services.AddSingleton<EmbedHandler>();
        services.AddSingleton<EmbedStreamHandler>();
        services.AddSingleton<DistillModelHandler>();
        services.AddSingleton<EmbedChunksHandler>();
        services.AddReports<EmbeddedBatch, BatchesEmbedded>(batches => new BatchesEmbedded(batches));
        services.AddSingleton<GetTokenizerHandler>();
        services.AddSingleton<RerankHandler>();
        services.AddSingleton<ListModelsHandler>();
        services.AddSingleton<PullModelHandler>();
        services.AddSingleton<ShowModelHandler>();
        services.AddSingleton<RemoveModelHandler>();
        services.AddSingleton<VerifyModelHandler>();
        services.AddHealthChecks().AddCheck<ModelHealthCheck>(ModelHealthCheck.Name);
        services.AddReflected(EmbeddingService.Descriptor);
        return builder;
    }

    public static WebApplication MapEmbedding(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<EmbeddingGrpcService>();
        return app;
    }

    public static void AddConsumers(IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddConsumer<EmbedChunksConsumer, EmbedChunksConsumerDefinition>();
    }

    private static EmbeddingOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<EmbeddingOptions>>().Value;
}
