using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

// The deployment diagram: one broker, six services, and who asks whom. `aspire run` starts it.
var builder = DistributedApplication.CreateBuilder(args);
var runsHere = builder.ExecutionContext.IsRunMode;
var dataDirectory = builder.Configuration["Data:Directory"] ?? Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", "data"));

var apiKey = builder.AddParameter("apikey", secret: true);

var rabbitmq = IsGiven("rabbitmq")
    ? builder.AddConnectionString("rabbitmq")
    : builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume().WithLifetime(ContainerLifetime.Persistent)
        // Its own limit would refuse drops that the platform takes, and close the channel where the platform would name the reason.
        .WithEnvironment("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-rabbit max_message_size 268435456");

var embedding = AddService<Projects.Embedding>("embedding")
    .WithReference(rabbitmq).WaitFor(rabbitmq);

// Whoever needs embedding waits for its start and not for its health: the first start downloads the model.
var ingestion = AddService<Projects.Ingestion>("ingestion")
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(embedding).WaitForStart(embedding);

// Retrieval asks ingestion for text only while a second index is built.
var retrieval = AddService<Projects.Retrieval>("retrieval")
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(embedding).WaitForStart(embedding)
    .WithReference(ingestion);
// And ingestion asks retrieval which model a collection has.
ingestion.WithReference(retrieval);

var generation = AddService<Projects.Generation>("generation")
    .WithReference(embedding).WaitForStart(embedding)
    .WithReference(ingestion).WaitFor(ingestion)
    .WithReference(retrieval).WaitFor(retrieval);

// Fine-tuning asks ingestion for the passages that a retriever's negatives are mined from.
var fineTuneJobs = AddService<Projects.FineTuneJobs>("finetune-jobs")
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(ingestion).WaitFor(ingestion);

AddService<Projects.Gateway>("gateway")
    .WithEndpoint("http", endpoint =>
    {
        endpoint.IsExternal = true;
        endpoint.Port = builder.Configuration.GetValue<int?>("Gateway:Port");
    })
    .WithEnvironment("Gateway__ApiKeys__0__Key", apiKey)
    .WithEnvironment("Gateway__ApiKeys__0__Tenant", builder.Configuration["Gateway:Tenant"] ?? "default")
    .WithReference(embedding).WaitForStart(embedding)
    .WithReference(ingestion).WaitFor(ingestion)
    .WithReference(retrieval).WaitFor(retrieval)
    .WithReference(generation).WaitFor(generation)
    .WithReference(fineTuneJobs).WaitFor(fineTuneJobs);

// Retrieval's own indexes need no server, so Qdrant is there only for who asks for it or has one.
var store = builder.Configuration["Retrieval:Store"] ?? "embedded";
if (store == "qdrant" || IsGiven("qdrant"))
{
    var qdrant = IsGiven("qdrant")
        ? builder.AddConnectionString("qdrant")
        : builder.AddQdrant("qdrant").WithDataVolume().WithLifetime(ContainerLifetime.Persistent);
    retrieval.WithEnvironment("Retrieval__Store", store).WithReference(qdrant).WaitFor(qdrant);
}

builder.Build().Run();

// A server that already runs, named by its connection string, takes its container's place.
bool IsGiven(string name) => runsHere && builder.Configuration.GetConnectionString(name) is not null;

// Without TLS, HTTP/2 and HTTP/1.1 cannot share a port: "http" speaks gRPC, "health" answers the probes.
IResourceBuilder<ProjectResource> AddService<TProject>(string name)
    where TProject : IProjectMetadata, new()
{
    var service = builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true)
        .WithHttpEndpoint(name: "http", env: "GRPC_PORT")
        .WithEndpoint("http", endpoint => endpoint.Transport = "http2")
        .WithHttpEndpoint(name: "health", env: "HEALTH_PORT")
        .WithHttpHealthCheck("/health", endpointName: "health");
    return runsHere
        ? service.WithEnvironment("Data__Directory", dataDirectory)
        : service.WithEnvironment("BIND_ADDRESS", "0.0.0.0");
}
