using RagPlatform.Ingestion;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.ServiceDefaults;

if (ExtractionWorker.TryRun(args)) { return; }
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ingestion");
builder.AddIngestion();
builder.AddIngestionPublicQueue();
builder.AddRabbitMqMessaging(IngestionModule.AddConsumers);

var app = builder.Build();
app.MapServiceDefaults();
app.MapIngestion();
await app.RunAsync();
