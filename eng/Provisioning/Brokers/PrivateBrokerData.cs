using System.Diagnostics;
using System.Globalization;

namespace RagPlatform.Provisioning.Brokers;

/// <summary>A private broker's data folder: its configuration, its queues, and which processes it belongs to.</summary>
internal sealed class PrivateBrokerData
{
    private const int WriteAheadLogBytes = 64 * 1024 * 1024;

    private PrivateBrokerData(string directory) => Directory = directory;

    public string Directory { get; }

    public string LogPath => Path.Combine(Directory, "log", "output.log");

    private string SupervisorPath => Path.Combine(Directory, "supervisor.pid");

    private string NodePath => Path.Combine(Directory, "node.pid");

    private string PortPath => Path.Combine(Directory, "port");

    public static PrivateBrokerData In(string directory)
    {
        var data = new PrivateBrokerData(Path.GetFullPath(directory));
        foreach (var folder in new[] { "mnesia", "log", "home" })
        {
            System.IO.Directory.CreateDirectory(Path.Combine(data.Directory, folder));
        }

        return data;
    }

    public void WriteConfiguration(int port, int maxMessageBytes)
    {
        var definitions = Path.Combine(Directory, "definitions.json");
        File.WriteAllText(definitions, BrokerDefinitions.ToJson());
        // Low alarms: a broker that stops taking messages on a small machine helps nobody. What quorum queues have written last
        // is kept in memory until its log is full: by default half a gigabyte.
        File.WriteAllText(Path.Combine(Directory, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            max_message_size = {maxMessageBytes}
            disk_free_limit.absolute = 50MB
            vm_memory_high_watermark.relative = 0.6
            raft.wal_max_size_bytes = {WriteAheadLogBytes}
            log.console = true
            load_definitions = {definitions}

            """);
        File.WriteAllText(Path.Combine(Directory, "enabled_plugins"), "[].\n");
        File.WriteAllText(PortPath, port.ToString(CultureInfo.InvariantCulture));
    }

    public IReadOnlyDictionary<string, string> Environment(int port, int distributionPort, int epmdPort) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["HOME"] = Path.Combine(Directory, "home"), // .erlang.cookie goes here
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_EPMD_PORT"] = epmdPort.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_NODENAME"] = "ragplatform@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = port.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_DIST_PORT"] = distributionPort.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Directory, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(Directory, "log"),
        ["RABBITMQ_PID_FILE"] = NodePath,
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(Directory, "enabled_plugins"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(Directory, "rabbitmq"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(Directory, "none.conf"), // the system's settings stay out
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none", // its schedulers wait without burning the cores that the services need
    };

    public int? FindPort() =>
        File.Exists(PortPath) && int.TryParse(File.ReadAllText(PortPath), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>The process that runs the broker of this folder, if it lives.</summary>
    public Process? FindSupervisor() => RecordedProcess.Find(SupervisorPath);

    /// <summary>Kills a node whose supervisor was killed: two nodes on one data folder would ruin it.</summary>
    public void EndLeftOverNode()
    {
        using var node = RecordedProcess.Find(NodePath);
        if (node?.ProcessName.StartsWith("beam", StringComparison.Ordinal) == true)
        {
            node.Kill(entireProcessTree: true);
            node.WaitForExit(TimeSpan.FromSeconds(5));
        }
    }
}
