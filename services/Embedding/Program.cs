using RagPlatform.Embedding;
using RagPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("embedding");
builder.AddEmbedding();
builder.AddRabbitMqMessaging(EmbeddingModule.AddConsumers);

var app = builder.Build();
app.MapServiceDefaults();
app.MapEmbedding();
await app.RunAsync();
