namespace Aspire.Hosting.ApplicationModel;

public sealed class EndpointAnnotation
{
    internal EndpointAnnotation(string name) => Name = name;

    internal string Name { get; }

    /// <summary>The variable that tells the process which port to listen on.</summary>
    internal string? PortVariable { get; set; }

    public bool IsExternal { get; set; }

    /// <summary>The port that callers use; null takes any free one.</summary>
    public int? Port { get; set; }

    /// <summary>Kept for the reader: the local proxies pass bytes and do not look.</summary>
    public string Transport { get; set; } = "http";
}

public enum ContainerLifetime
{
    Persistent,
}
