using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Remote.OpenAi;

namespace RagPlatform.FineTuneJobs;

/// <summary>What <see cref="FineTuneJobsModule"/> registers of training elsewhere.</summary>
internal static class RemoteModule
{
    public static void AddRemoteTraining(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OpenAiOptions>().BindConfiguration(OpenAiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient(OpenAiClient.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan);
        services.AddSingleton<RemoteRuns>();
        services.AddSingleton<OpenAiClient>();
        services.AddSingleton<IJobRunner, OpenAiJobRunner>();
        services.AddSingleton<RemoteRunsService>();
        services.AddHostedService(provider => provider.GetRequiredService<RemoteRunsService>());
    }
}
