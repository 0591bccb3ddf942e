using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Announcing;
using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Estimates;
using RagPlatform.FineTuneJobs.Features.ControlJob;
using RagPlatform.FineTuneJobs.Features.CreateJob;
using RagPlatform.FineTuneJobs.Features.ReadDatasets;
using RagPlatform.FineTuneJobs.Features.ReadJobs;
using RagPlatform.FineTuneJobs.Features.UploadDataset;
using RagPlatform.FineTuneJobs.Features.ValidateDataset;
using RagPlatform.FineTuneJobs.Features.WatchJob;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.RunCards;
using RagPlatform.FineTuneJobs.Scheduling;
using RagPlatform.FineTuneJobs.Workers;
using RagPlatform.FineTuneJobs.Workers.Commands;
using RagPlatform.FineTuneJobs.Workers.Processes;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Clients;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.FineTuneJobs;

/// <summary>Datasets, training jobs and adapters. The only place that registers anything of this service.</summary>
public static class FineTuneJobsModule
{
    public static WebApplicationBuilder AddFineTuneJobs(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<FineTuneJobsOptions>()
            .Configure(options => options.DataDirectory = builder.Configuration["Data:Directory"] ?? options.DataDirectory)
            .BindConfiguration(FineTuneJobsOptions.Section)
            .PostConfigure(options => options.ModelsDirectory = options.ModelsDirectory.Length > 0 ? options.ModelsDirectory : Path.Combine(options.DataDirectory, "models"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<FineTuneJobsOptions>, TrainingCommandValidation>();
        services.AddGrpc().AddServiceOptions<FineTuneJobsGrpcService>(options => options.Interceptors.Add<TenantInterceptor>());
        services.AddReflected(FineTuneJobsService.Descriptor);
        services.AddSingleton<FineTuneJobsTelemetry>();
        AddDatasets(services);
        AddJobs(services);
        builder.AddAdapters();
        builder.AddRemoteTraining();
        return builder;
    }

    /// <summary>Tells foreign AMQP clients of jobs that ended. Needs a broker, so only where there is one.</summary>
    public static WebApplicationBuilder AddFineTuneJobsEvents(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<UnannouncedJobs>();
        builder.Services.AddHostedService<AnnounceJobsService>();
        return builder;
    }

    public static WebApplication MapFineTuneJobs(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<FineTuneJobsGrpcService>();
        return app;
    }

    private static void AddDatasets(IServiceCollection services)
    {
        services.AddSingleton<DatasetStore>();
        services.AddSingleton<DatasetInspector>();
        services.AddSingleton<JobValidation>();
        services.AddSingleton<PastRates>();
        services.AddSingleton<JobEstimator>();
        services.AddSingleton<ValidateDatasetHandler>();
        services.AddSingleton<UploadDatasetHandler>();
        services.AddSingleton<ReadDatasetsHandler>();
    }

    private static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton<RegistryDatabase>();
        services.AddSingleton<ProcessLease>();
        services.AddSingleton<JobChanges>();
        services.AddSingleton<JobCatalog>();
        services.AddSingleton<JobWriter>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobFolders>();
        services.AddSingleton<BaseModels>();
        services.AddSingleton<SpecRules>();
        services.AddSingleton<CreateJobHandler>();
        services.AddSingleton<ReadJobsHandler>();
        services.AddSingleton<WatchJobHandler>();
        services.AddSingleton<ControlJobHandler>();
        services.AddSingleton<UnvalidatedJobs>();
        services.AddSingleton<KnownJobs>();
        services.AddSingleton<RunCard>();
        services.AddSingleton(WorkerCommand.OfThisProgram());
        services.AddServiceClient<IngestionService.IngestionServiceClient>("ingestion");
        services.AddSingleton(provider => new CollectionPassagesClient(provider.GetRequiredService<IngestionService.IngestionServiceClient>));
        services.AddSingleton<IJobRunner, WorkerJobRunner>();
        services.AddSingleton<JobSupervisor>();
        services.AddHostedService<LeftFoldersService>();
        services.AddHostedService<ValidateJobsService>();
        services.AddHostedService<JobSchedulerService>();
    }
}
