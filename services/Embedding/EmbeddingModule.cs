using MassTransit;

namespace RagPlatform.Embedding;

public static class EmbeddingModule
{
    public static WebApplicationBuilder AddEmbedding(this WebApplicationBuilder builder) => builder;
    public static WebApplication MapEmbedding(this WebApplication app) => app;
    public static void AddConsumers(IBusRegistrationConfigurator bus) { }
}
