using RagPlatform.FineTuneJobs;
using RagPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("finetune-jobs");
builder.AddFineTuneJobs();

var app = builder.Build();
app.MapServiceDefaults();
app.MapFineTuneJobs();
await app.RunAsync();
