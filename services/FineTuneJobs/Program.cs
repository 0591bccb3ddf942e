using RagPlatform.FineTuneJobs;
using RagPlatform.FineTuneJobs.Workers;
using RagPlatform.ServiceDefaults;

if (TrainWorker.TryRun(args)) { return; }
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("finetune-jobs");
builder.AddFineTuneJobs();

var app = builder.Build();
app.MapServiceDefaults();
app.MapFineTuneJobs();
await app.RunAsync();
