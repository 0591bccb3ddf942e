using RagPlatform.Generation;
using RagPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("generation");
builder.AddGeneration();
var app = builder.Build();
app.MapServiceDefaults();
app.MapGeneration();
await app.RunAsync();
