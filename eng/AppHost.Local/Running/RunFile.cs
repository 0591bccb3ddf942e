using System.Text.Json;
using System.Text.Json.Serialization;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>The run, for programs: the rag command and the end-to-end tests read it.</summary>
internal sealed record RunDescription(
    string Mode, int Pid, string? Gateway, string? Dashboard, string? Otlp, string? Rabbitmq, string? ApiKey, bool Ready, IReadOnlyList<RunResource> Resources);

/// <param name="Name">As in AppHost.cs.</param>
/// <param name="Pid">Null when it is not running, or not a process of ours.</param>
/// <param name="State">A name of <see cref="ResourceStates"/>.</param>
/// <param name="Healthy">It runs, and says that it is ready for work.</param>
/// <param name="Reason">Why it is not healthy: what its health check says, or the last error that it wrote before it died.</param>
/// <param name="Restarts">How often it died and was started again.</param>
/// <param name="Endpoints">The addresses that callers use, by endpoint name.</param>
internal sealed record RunResource(
    string Name, int? Pid, string State, bool Healthy, string Reason, int Restarts, IReadOnlyDictionary<string, string> Endpoints);

/// <summary>Keeps a file equal to the run: replaced as a whole, readable by its owner only, gone when the run has ended.</summary>
internal sealed class RunFile(string path, Func<IReadOnlyList<ResourceSnapshot>, RunDescription> describe)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Removes what a run left that could not end properly.</summary>
    public static void Forget(string? path)
    {
        if (path is not null)
        {
            File.Delete(path);
        }
    }

    public async Task RunAsync(ResourceBoard board, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] written = [];
        try
        {
            await foreach (var _ in board.WatchAsync(cancellationToken))
            {
                var content = JsonSerializer.SerializeToUtf8Bytes(describe(board.Snapshots), Json);
                if (!content.AsSpan().SequenceEqual(written))
                {
                    await ReplaceAsync(content, cancellationToken);
                    written = content;
                }
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static RunDescription Describe(
        IReadOnlyList<ResourceSnapshot> resources, int processId, string? gateway, string? dashboard, Addresses addresses, string? broker, string? apiKey) => new(
            "distributed",
            processId,
            gateway,
            dashboard,
            addresses.OtlpEndpoint,
            broker,
            apiKey,
            resources.Any(resource => resource.Kind is ResourceKind.Project) && resources.All(resource => resource.IsReady),
            [.. resources
                .Where(resource => resource.Kind is not ResourceKind.Parameter)
                .Select(resource => new RunResource(
                    resource.Name, resource.ProcessId, resource.State, resource.IsReady, resource.HealthDescription, resource.Restarts, resource.Endpoints))]);

    private async Task ReplaceAsync(byte[] content, CancellationToken cancellationToken)
    {
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var stream = new FileStream(temporary, options))
        {
            await stream.WriteAsync(content, cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
