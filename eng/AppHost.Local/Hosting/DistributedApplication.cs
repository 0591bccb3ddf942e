using Microsoft.Extensions.Configuration;
using RagPlatform.AppHost.Local.Running;

namespace Aspire.Hosting;

public sealed class DistributedApplication
{
    private readonly Model model;
    private readonly IConfiguration configuration;

    internal DistributedApplication(Model model, IConfiguration configuration)
    {
        this.model = model;
        this.configuration = configuration;
    }

    /// <summary>What becomes of the model; the tests look at it instead of running it.</summary>
    internal static Func<Model, IConfiguration, Task<int>> Runner { get; set; } = LocalRun.RunAsync;

    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        try
        {
            return new DistributedApplicationBuilder(args);
        }
        catch (SettingsException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            Environment.Exit(2);
            throw;
        }
    }

    /// <summary>Runs until it is told to stop (SIGINT, SIGTERM) or cannot go on.</summary>
    public void Run() => Environment.ExitCode = Runner(model, configuration).GetAwaiter().GetResult();
}
