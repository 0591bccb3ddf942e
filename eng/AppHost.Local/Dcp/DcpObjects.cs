using System.Text.Json;
using System.Text.Json.Serialization;

namespace RagPlatform.AppHost.Local.Dcp;

/// <summary>DCP's objects, Kubernetes-style, as far as they are used here (read from DCP 0.25's /openapi/v3).</summary>
internal sealed record DcpObject<TSpec, TStatus>(string Kind, DcpMetadata Metadata, TSpec Spec, TStatus? Status = default)
{
    public string ApiVersion { get; init; } = DcpJson.ApiVersion;
}

internal sealed record DcpMetadata(string Name, IReadOnlyDictionary<string, string>? Annotations = null);

/// <summary>A loopback address that DCP listens on, passing each connection to one of its producers.</summary>
internal sealed record ServiceSpec(int? Port)
{
    public string Protocol { get; init; } = "TCP";

    public string Address { get; init; } = "127.0.0.1";
}

internal sealed record ServiceStatus(int? EffectivePort);

internal sealed record ExecutableSpec(
    string ExecutablePath, string WorkingDirectory, IReadOnlyList<string> Args, IReadOnlyList<EnvironmentVariable> Env)
{
    public string ExecutionType { get; init; } = "Process";
}

internal sealed record EnvironmentVariable(string Name, string Value);

internal sealed record ExecutableStatus(string? State, int? Pid, int? ExitCode)
{
    public bool IsRunning => State is "Running";

    public bool HasEnded => State is "Finished" or "Terminated" or "FailedToStart";
}

internal sealed record WatchEvent(string Type, DcpObject<ExecutableSpec, ExecutableStatus> Object);

internal static class DcpJson
{
    public const string ApiVersion = "usvc-dev.developer.microsoft.com/v1";

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
