using RagPlatform.Embedding;
using RagPlatform.FineTuneJobs;
using RagPlatform.FineTuneJobs.Workers;
using RagPlatform.Gateway;
using RagPlatform.Generation;
using RagPlatform.Ingestion;
using RagPlatform.Ingestion.Extraction;
using RagPlatform.Retrieval;
using RagPlatform.ServiceDefaults;
using RagPlatform.Standalone;

if (ExtractionWorker.TryRun(args) || TrainWorker.TryRun(args)) { return; }
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ragplatform").AddStandalone();
builder.AddIngestion().AddEmbedding().AddRetrieval().AddGeneration().AddFineTuneJobs().AddGateway();
builder.ReflectPublicOnly().AddInProcessMessaging(IngestionModule.AddConsumers, EmbeddingModule.AddConsumers, RetrievalModule.AddConsumers);
var app = builder.Build();
app.MapStandalone().MapServiceDefaults();
app.MapIngestion().MapEmbedding().MapRetrieval().MapGeneration().MapFineTuneJobs().MapGateway();
app.Run();
