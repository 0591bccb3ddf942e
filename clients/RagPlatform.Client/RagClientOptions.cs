namespace RagPlatform.Client;

/// <summary>Where the gateway is and who is calling.</summary>
public sealed record RagClientOptions
{
    /// <summary>The gateway's address: https://host, or http://host:port for HTTP/2 without TLS.</summary>
    public required Uri Address { get; init; }

    /// <summary>Decides the tenant. In standalone mode "dev" stands for the tenant "default".</summary>
    public required string ApiKey { get; init; }

    /// <summary>How long a call that answers once may take; streams and uploads end with their cancellation token. 60 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The connection to use instead of a new one, such as a test server's. The client does not dispose it.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>The address alone: a key has no place in a log.</summary>
    public override string ToString() => $"{nameof(RagClientOptions)} {{ {nameof(Address)} = {Address} }}";
}
