using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Bench.Load.Embed;

/// <summary>The embedding service as a process of its own on this machine, with a data folder of its own and no broker.</summary>
internal sealed class EmbeddingProcess : IDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly GrpcChannel channel;
    private readonly string data = Directory.CreateTempSubdirectory("rag-bench-").FullName;

    /// <param name="model">The model's folder.</param>
    /// <param name="settings">Of the service, beside what every run has.</param>
    public EmbeddingProcess(string model, IReadOnlyDictionary<string, string> settings)
    {
        var port = ServiceProcess.FreePort();
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model));
        KeyValuePair<string, string>[] fixedSettings =
        [
            new("Data__Directory", data), new("Logging__LogLevel__Default", "None"), new("ConnectionStrings__rabbitmq", "amqp://nobody@127.0.0.1:1"),
            new("Embedding__CacheMegabytes", "0"), new("Embedding__ModelsDirectory", Path.GetDirectoryName(folder)!), new("Embedding__Model", Path.GetFileName(folder)),
        ];
        process = ServiceProcess.Start("Embedding", port, fixedSettings.Concat(settings.Select(setting => KeyValuePair.Create($"Embedding__{setting.Key}", setting.Value))));
        channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}", new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true }, DisposeHttpClient = true });
        Client = new EmbeddingService.EmbeddingServiceClient(channel);
    }

    public EmbeddingService.EmbeddingServiceClient Client { get; }

    /// <summary>Resident set, in MiB.</summary>
    public double MemoryMegabytes =>
        File.ReadLines($"/proc/{process.Id}/status").Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).Single();

    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public async Task WaitUntilReadyAsync()
    {
        var begin = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await Client.EmbedAsync(new EmbedRequest { Kind = EmbedKind.Query, Texts = { "ready?" } });
                return;
            }
            catch (RpcException) when (!process.HasExited && Stopwatch.GetElapsedTime(begin) < ReadyTimeout)
            {
                await Task.Delay(50);
            }
        }
    }

    public void Dispose()
    {
        channel.Dispose();
        process.Kill();
        process.WaitForExit();
        Directory.Delete(data, recursive: true);
    }
}
