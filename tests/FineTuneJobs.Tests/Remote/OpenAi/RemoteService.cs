using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Remote.OpenAi;
using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuneJobs.Tests.Remote.OpenAi;

/// <summary>The runner with its real client and registry, over examples of the test.</summary>
internal sealed class RemoteService : IDisposable
{
    private readonly WebApplication _app;

    public RemoteService(Uri address, string folder, (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("FineTuneJobs:OpenAi:BaseAddress", address.ToString()), new("FineTuneJobs:OpenAi:ApiKey", FakeOpenAi.Key), new("FineTuneJobs:OpenAi:PollMilliseconds", "1"),
            new("FineTuneJobs:OpenAi:RetryMilliseconds", "1"),
        ]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<FineTuneJobsOptions>().Configure(options => (options.DataDirectory, options.ModelsDirectory) = (folder, Path.Combine(folder, "models")));
        builder.Services.AddSingleton<RegistryDatabase>();
        builder.Services.AddSingleton<JobCatalog>();
        builder.AddAdapters();
        builder.AddRemoteTraining();
        builder.Services.AddSingleton<OpenAiJobRunner>();
        builder.Services.AddSingleton<ReadJobExamples>((_, _) => new JobExamples(new TrainingSet([Example(1), Example(2)], [Example(3)], [Example(4)]), 0));
        _app = builder.Build();
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public void Dispose() => ((IDisposable)_app).Dispose();

    private static ChatExample Example(int line) => new(
        line, "a group", [new ChatTurn("system", "You route.", null, 1), new ChatTurn("user", $"question {line} “ü”", null, 1), new ChatTurn("assistant", "{\"intent\": \"a\"}", null, 1)], null);
}
