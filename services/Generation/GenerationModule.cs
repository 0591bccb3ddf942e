using Microsoft.Extensions.Options;
using RagPlatform.Generation.Dependencies;
using RagPlatform.Generation.Features.Answer;
using RagPlatform.Generation.Features.Answer.Chat;
using RagPlatform.Generation.Features.Answer.Extractive;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Clients;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Generation.V1;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Generation;

/// <summary>Everything the generation service registers.</summary>
public static class GenerationModule
{
    public static WebApplicationBuilder AddGeneration(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<GenerationOptions>, GenerationOptionsValidator>();
        services.AddOptions<GenerationOptions>().BindConfiguration(GenerationOptions.Section).ValidateOnStart();
        services.AddServiceClient<RetrievalService.RetrievalServiceClient>("retrieval");
        services.AddServiceClient<EmbeddingService.EmbeddingServiceClient>("embedding");
        services.AddServiceClient<IngestionService.IngestionServiceClient>("ingestion");
        services.AddTransient<ISourceFinder, RetrievalClient>();
        services.AddTransient<ITextEmbedder, EmbeddingClient>();
        services.AddTransient<IStoredTextReader, IngestionClient>();
        services.AddTransient<IAnswerer, ExtractiveAnswerer>();
        services.AddTransient<IAnswerer, ChatAnswerer>();
        services.AddTransient<OpenAIChatClientFactory>();
        services.AddHttpClient(OpenAIChatClientFactory.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan);
        services.AddTransient<SourcePlaces>();
        services.AddTransient<AnswererCatalog>();
        services.AddTransient<AnswerHandler>();
        services.AddReflected(GenerationService.Descriptor);
        return builder;
    }

    public static WebApplication MapGeneration(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<GenerationGrpcService>();
        return app;
    }
}
