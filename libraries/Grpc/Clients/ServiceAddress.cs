using Microsoft.Extensions.Configuration;

namespace RagPlatform.Grpc.Clients;

/// <summary>
/// Where a service listens: configuration "services:NAME:http:0", which Aspire provides as the environment variable
/// services__NAME__http__0. Either http://host:port, https://host:port or unix:/path/of/socket.
/// </summary>
public static class ServiceAddress
{
    public const string UnixScheme = "unix";

    /// <exception cref="InvalidOperationException">The address is missing or no absolute URI.</exception>
    public static Uri Find(IConfiguration configuration, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var key = $"services:{serviceName}:http:0";
        var value = configuration[key];
        return Uri.TryCreate(value, UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException($"{key}: '{value}' is no address. Set it to where {serviceName} listens, for example http://localhost:5001.");
    }
}
