using RagPlatform.Retrieval;
using RagPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("retrieval").AddRetrieval();
builder.AddRabbitMqMessaging(RetrievalModule.AddConsumers);
var app = builder.Build();
app.MapServiceDefaults();
app.MapRetrieval();
app.Run();
