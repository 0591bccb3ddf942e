using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using RagPlatform.Bench.Load.Ingest;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>Ingestion, Embedding and Retrieval, each its own process on one small disk, behind a broker that can be cut off.</summary>
internal sealed class ChaosPlatform : IDisposable
{
    public static readonly string[] Services = ["Ingestion", "Embedding", "Retrieval"];

    private readonly ServiceGroup group;
    private readonly string models = Directory.CreateTempSubdirectory("rag-chaos-models-").FullName;
    private readonly GrpcChannel ingestion;

    public ChaosPlatform(ChaosPlan plan, Uri broker, int dimension)
    {
        TrivialModel.Write(Path.Combine(models, TrivialModel.Name), plan.Model, dimension);
        group = new ServiceGroup(Services, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__rabbitmq"] = broker.AbsoluteUri, ["Embedding__ModelsDirectory"] = models, ["Embedding__Model"] = TrivialModel.Name,
            ["Embedding__PullOnStart"] = "false", ["Ingestion__ResumeStalledAfterSeconds"] = "30", ["Ingestion__ResumeIntervalSeconds"] = "5",
            // What is done to them is to be reported by them; here it would hide the rest.
            ["Logging__LogLevel__Default"] = "None",
        });
        Disk = SmallDisk.TryMount(group.DataDirectory, plan.DiskMebibytes);
        foreach (var service in Services)
        {
            group.Start(service);
        }

        ingestion = GrpcChannel.ForAddress(group.AddressOf("Ingestion"));
    }

    /// <summary>Null where none can be mounted.</summary>
    public SmallDisk? Disk { get; }

    public string DataDirectory => group.DataDirectory;

    public IngestionService.IngestionServiceClient Ingestion => new(ingestion);

    public int ProcessIdOf(string service) => group[service].Id;

    public Task WaitUntilAnsweringAsync() =>
        group.AskUntilAnsweredAsync("Ingestion", async () => await Ingestion.CountDocumentsAsync(new CountDocumentsRequest { Tenant = ChaosPlan.Tenant }));

    public Task KillAsync(string service) => group.KillAsync(service);

    /// <summary>As a deployment does: it may finish what it is at.</summary>
    public async Task StopAsync(string service)
    {
        Signal(service, "TERM");
        await group[service].WaitForExitAsync();
    }

    public void Start(string service) => group.Start(service);

    /// <summary>Of those that ended by themselves: which no chaos may lead to.</summary>
    public IEnumerable<string> Ended => Services.Where(service => group[service].HasExited);

    public void Pause(string service) => Signal(service, "STOP");

    public void Continue(string service) => Signal(service, "CONT");

    public void Dispose()
    {
        ingestion.Dispose();
        foreach (var service in Services)
        {
            group[service].Kill(entireProcessTree: true);
            group[service].WaitForExit();
        }

        Disk?.Dispose();
        group.Dispose();
        Directory.Delete(models, recursive: true);
    }

    private void Signal(string service, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", group[service].Id.ToString(CultureInfo.InvariantCulture)])!;
        kill.WaitForExit();
    }
}
