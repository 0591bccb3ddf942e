using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuneJobs.Features.EvaluateAdapter;
using RagPlatform.FineTuneJobs.Features.GetAdapter;
using RagPlatform.FineTuneJobs.Features.GetDrift;
using RagPlatform.FineTuneJobs.Features.ManageGate;
using RagPlatform.FineTuneJobs.Features.Predict;
using RagPlatform.FineTuneJobs.Features.PromoteAdapter;
using RagPlatform.FineTuneJobs.Features.RetireAdapter;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuneJobs.Serving.Drift;

namespace RagPlatform.FineTuneJobs;

/// <summary>What <see cref="FineTuneJobsModule"/> registers of adapters, their serving and drift.</summary>
internal static class AdaptersModule
{
    public static void AddAdapters(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AdapterOptions>()
            .Configure<IOptions<FineTuneJobsOptions>>((options, jobs) =>
            {
                options.Directory = jobs.Value.Root;
                options.ModelsDirectory = jobs.Value.ModelsDirectory;
            })
            .BindConfiguration(AdapterOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<ServingOptions>().BindConfiguration(ServingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<DriftOptions>().BindConfiguration(DriftOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AdapterDatabase>();
        services.AddSingleton<AdapterFolders>();
        services.AddSingleton<AdapterCatalog>();
        services.AddSingleton<AdapterTransitions>();
        services.AddSingleton<GateSettings>();
        services.AddSingleton<IAdapterExaminer, AdapterExaminer>();
        services.AddSingleton<AdapterRegistry>();
        services.AddSingleton<ITrainedAdapters, TrainedAdapters>();
        services.AddSingleton<JobExamplesReader>();
        services.AddSingleton<ReadJobExamples>(provider => provider.GetRequiredService<JobExamplesReader>().Read);
        services.AddSingleton<IServedModelLoader, DecoderLoader>();
        services.AddSingleton<IServedModelLoader, SpecialistLoader>();
        services.AddSingleton<LoadedModels>();
        services.AddSingleton<PublishedModels>();
        services.AddSingleton<AdapterReadiness>();
        services.AddSingleton<PredictionSlots>();
        services.AddSingleton<DriftDatabase>();
        services.AddSingleton<DriftRecorder>();
        services.AddHostedService(provider => provider.GetRequiredService<DriftRecorder>());
        services.AddTransient<AdapterListing>();
        services.AddTransient<EvaluateAdapterHandler>();
        services.AddTransient<PromoteAdapterHandler>();
        services.AddTransient<RetireAdapterHandler>();
        services.AddTransient<ManageGateHandler>();
        services.AddTransient<PredictHandler>();
        services.AddTransient<GetDriftHandler>();
        services.AddTransient<AdapterHandlers>();
    }
}
