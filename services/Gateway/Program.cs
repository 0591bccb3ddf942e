using RagPlatform.Gateway;
using RagPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("gateway").AddGateway();
var app = builder.Build();
app.MapServiceDefaults();
app.MapGateway();
app.Run();
