using RagPlatform.Ingestion;
using RagPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ingestion");
builder.AddIngestion();
builder.AddIngestionPublicQueue();
builder.AddRabbitMqMessaging(IngestionModule.AddConsumers);

var app = builder.Build();
app.MapServiceDefaults();
app.MapIngestion();
await app.RunAsync();
