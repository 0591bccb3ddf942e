using System.Text.Json;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>What AppHost.Local says of itself while it runs.</summary>
internal sealed record RunFile(string Gateway, string Dashboard, string Rabbitmq, bool Ready, IReadOnlyList<RunResource> Resources)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static RunFile? TryRead(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<RunFile>(File.ReadAllText(path), Options) : null;

    public RunResource Resource(string name) => Resources.Single(resource => resource.Name == name);
}

internal sealed record RunResource(string Name, int? Pid, string State, bool Healthy);
