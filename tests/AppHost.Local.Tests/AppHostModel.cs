using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Tests;

/// <summary>Runs AppHost.cs itself, as far as to its finished model.</summary>
internal static class AppHostModel
{
    private static readonly Lock OneAtATime = new();

    public static Addresses Addresses { get; } = new(
        new Dictionary<string, string> { ["apikey"] = "secret-key" },
        new Dictionary<string, string> { ["rabbitmq"] = "amqp://guest:guest@127.0.0.1:5672/" },
        new Dictionary<string, int>
        {
            ["embedding-http"] = 1001, ["embedding-health"] = 2001, ["ingestion-http"] = 1002, ["ingestion-health"] = 2002,
            ["retrieval-http"] = 1003, ["retrieval-health"] = 2003, ["generation-http"] = 1004, ["generation-health"] = 2004,
            ["gateway-http"] = 1005, ["gateway-health"] = 2005, ["finetune-jobs-http"] = 1006, ["finetune-jobs-health"] = 2006,
        },
        "http://127.0.0.1:4317");

    /// <param name="settings">As environment variables.</param>
    /// <param name="arguments">The command line.</param>
    public static Model Build(Dictionary<string, string>? settings = null, params string[] arguments)
    {
        settings ??= [];
        lock (OneAtATime)
        {
            Model? model = null;
            var runner = DistributedApplication.Runner;
            try
            {
                Set(settings.Select(setting => (setting.Key, (string?)setting.Value)));
                DistributedApplication.Runner = (built, _) =>
                {
                    model = built;
                    return Task.FromResult(0);
                };
                typeof(DistributedApplication).Assembly.EntryPoint!.Invoke(null, [arguments]);
                return model.ShouldNotBeNull();
            }
            finally
            {
                DistributedApplication.Runner = runner;
                Set(settings.Select(setting => (setting.Key, (string?)null)));
            }
        }
    }

    public static ProjectResource Service(this Model model, string name) => model.Projects.Single(project => project.Name == name);

    private static void Set(IEnumerable<(string Name, string? Value)> variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
