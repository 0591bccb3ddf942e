using RagPlatform.FineTuneJobs;
using RagPlatform.FineTuneJobs.Workers;
using RagPlatform.ServiceDefaults;

if (TrainWorker.TryRun(args)) { return; }
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("finetune-jobs");
builder.AddFineTuneJobs();
if (builder.Configuration.GetConnectionString(Messaging.BrokerName) is not null) { builder.AddFineTuneJobsEvents(); }

var app = builder.Build();
app.MapServiceDefaults();
app.MapFineTuneJobs();
await app.RunAsync();
