using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Adapters;

/// <summary>Adapters and their serving without a server, over a folder of the test's, with models that are fakes.</summary>
internal sealed class AdapterHost : IDisposable
{
    public const string Tenant = "acme";

    private readonly WebApplication _app;
    private int _jobs;

    public AdapterHost(string folder, FakeLoader? loader = null, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        Folder = folder;
        Loader = loader ?? new FakeLoader();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddOptions<FineTuneJobsOptions>().Configure(options => (options.DataDirectory, options.ModelsDirectory) = (folder, Path.Combine(folder, "models")));
        builder.Services.AddSingleton<RegistryDatabase>();
        builder.Services.AddSingleton<DatasetStore>();
        builder.Services.AddSingleton<BaseModels>();
        builder.AddAdapters();
        if (loader is not { IsReal: true })
        {
            builder.Services.RemoveAll<IServedModelLoader>();
            builder.Services.AddSingleton<IServedModelLoader>(Loader);
        }

        _app = builder.Build();
    }

    public string Folder { get; }

    public FakeLoader Loader { get; }

    public static Actor Actor { get; } = new(Tenant, "somebody", "because");

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A specialist that passes its gate, unless the test says otherwise.</summary>
    public Task<Adapter> RegisterAsync(
        double confidence = 0.9, bool refuses = true, double accuracy = 0.95, int leaked = 0, string suffix = "intents", string method = "specialist", int heldOut = 100, string tenant = Tenant) =>
        Get<AdapterRegistry>().RegisterAsync(Finished($"ftjob-{++_jobs}", confidence, refuses, accuracy, leaked, suffix, method, heldOut, tenant), CancellationToken.None)
            .WithTimeout("the registration");

    public FinishedTraining Finished(
        string job, double confidence = 0.9, bool refuses = true, double accuracy = 0.95, int leaked = 0, string suffix = "intents", string method = "specialist", int heldOut = 100, string tenant = Tenant)
    {
        var folder = Path.Combine(Folder, "jobs", job);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FakeLoader.File), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{confidence} {(refuses ? "refuses" : "answers")}"));
        return new FinishedTraining(tenant, job, "support", suffix, method, "base", folder, Rows(accuracy))
        {
            LeakedExamples = leaked,
            HeldOut = [.. Enumerable.Range(1, heldOut).Select(line => new ChatExample(line, "", [new ChatTurn("user", $"text {line}", null, 1), new ChatTurn("assistant", "{}", null, 1)], null))],
        };
    }

    public static IReadOnlyList<EvaluationRow> Rows(double accuracy) =>
    [
        new("adapter", new Dictionary<string, double> { ["accuracy"] = accuracy, ["macro_f1"] = accuracy, ["schema_validity"] = 1, ["ece"] = 0.02, ["ndcg_at_10"] = 0.7 }),
        new("base", new Dictionary<string, double> { ["ndcg_at_10"] = 0.65 }),
        new("majority", new Dictionary<string, double> { ["accuracy"] = 0.2 }),
        new("nearest neighbour", new Dictionary<string, double> { ["accuracy"] = 0.9 }),
    ];

    public void Dispose() => ((IDisposable)_app).Dispose();
}
