using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Bench.Load.Search;

/// <summary>Retrieval and Embedding, each its own process on this machine, with a data folder of their own.</summary>
internal sealed class SearchServices : IDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(10);

    private readonly Process embedding;
    private readonly string broker;
    private readonly string models;
    private readonly int embeddingPort = ServiceProcess.FreePort();
    private Process retrieval = null!;
    private GrpcChannel channel = null!;

    public SearchServices(string broker, string models)
    {
        this.broker = broker;
        this.models = models;
        DataDirectory = Directory.CreateTempSubdirectory("rag-bench-").FullName;
        embedding = Start("Embedding", embeddingPort);
    }

    public string DataDirectory { get; }

    public RetrievalService.RetrievalServiceClient Retrieval => new(channel);

    public long RetrievalMemoryBytes
    {
        get
        {
            retrieval.Refresh();
            return retrieval.WorkingSet64;
        }
    }

    /// <summary>Memory that is its own, without the mapped files that the system may drop at any time.</summary>
    public long RetrievalPrivateBytes =>
        File.ReadLines($"/proc/{retrieval.Id}/status").Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024).Single();

    public long DiskBytes => new DirectoryInfo(Path.Combine(DataDirectory, "retrieval")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Starts Retrieval and waits until it answers; returns how long that took.</summary>
    public async Task<TimeSpan> StartRetrievalAsync()
    {
        var port = ServiceProcess.FreePort();
        var begin = Stopwatch.GetTimestamp();
        retrieval = Start("Retrieval", port);
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        while (true)
        {
            try
            {
                await Retrieval.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "default" });
                return Stopwatch.GetElapsedTime(begin);
            }
            catch (RpcException) when (!retrieval.HasExited && Stopwatch.GetElapsedTime(begin) < ReadyTimeout)
            {
                await Task.Delay(20);
            }
        }
    }

    public async Task StopRetrievalAsync()
    {
        retrieval.Kill();
        await retrieval.WaitForExitAsync();
        channel.Dispose();
    }

    public void Dispose()
    {
        retrieval.Kill();
        embedding.Kill();
        retrieval.WaitForExit();
        embedding.WaitForExit();
        channel.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private Process Start(string service, int port) => ServiceProcess.Start(service, port, new Dictionary<string, string>
    {
        ["Data__Directory"] = DataDirectory, ["ConnectionStrings__rabbitmq"] = broker, ["Embedding__ModelsDirectory"] = models,
        ["services__embedding__http__0"] = $"http://127.0.0.1:{embeddingPort}",
        // Asked only by a build that chunks again.
        ["services__ingestion__http__0"] = "http://127.0.0.1:1",
    });
}
