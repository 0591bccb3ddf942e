namespace RagPlatform.CommandLine.Run;

/// <summary>A run of the platform as data/run.json describes it, whoever started it.</summary>
/// <param name="Mode">"standalone" or "distributed".</param>
/// <param name="Pid">The process that the run lives and dies with.</param>
/// <param name="Gateway">The gateway's address, http://host:port; null until it is known.</param>
/// <param name="Dashboard">The Aspire dashboard's address; null when it is left out.</param>
/// <param name="Otlp">Where telemetry goes, OTLP over gRPC; null when nowhere.</param>
/// <param name="Rabbitmq">The broker's amqp:// address; null in standalone, which has none.</param>
/// <param name="ApiKey">A key that the gateway takes.</param>
/// <param name="Ready">Everything has started.</param>
/// <param name="Resources">The parts.</param>
internal sealed record RunState(
    string Mode,
    int Pid,
    Uri? Gateway,
    Uri? Dashboard,
    Uri? Otlp,
    Uri? Rabbitmq,
    string? ApiKey,
    bool Ready,
    IReadOnlyList<RunResource>? Resources)
{
    public const string Standalone = "standalone";
    public const string Distributed = "distributed";
}

/// <param name="Name">As the dashboard shows it.</param>
/// <param name="Pid">Its process, when it is one of this machine.</param>
/// <param name="State">For example "Running".</param>
/// <param name="Healthy">Null while unknown, or where nothing can tell.</param>
/// <param name="Restarts">How often it was started again.</param>
/// <param name="Endpoints">Address by name.</param>
internal sealed record RunResource(
    string Name, int? Pid, string State, bool? Healthy = null, int Restarts = 0, IReadOnlyDictionary<string, string>? Endpoints = null);
